export {
  fewFrames,
  type GuardedContext,
  guardOrigin,
  type LaunchOptions,
  launchBrowser,
  openContext,
} from './browser.ts'
export { cpuMs } from './cpu-time.ts'
export { FakeClock } from './fake-clock.ts'
export { LossyLink, type LossyLinkOptions, seededRandom } from './lossy-link.ts'
export { type Host, type InsideHost, Internet } from './networks/internet.ts'
export { type ClassicNatKind, type NatKind, natKinds } from './networks/nat.ts'
export { thinLine } from './networks/thin-line.ts'
