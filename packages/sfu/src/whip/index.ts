export { Whip, type WhipAnswer, type WhipPublished, type WhipRestarted } from './whip.ts'
