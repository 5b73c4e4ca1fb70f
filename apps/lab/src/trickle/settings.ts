import { flag, list, number, settingsCodec } from '../report/permalink.ts'

/** The settings in the page's permalink: addresses, but never passwords. */
export const trickleSettings = settingsCodec({
  own: flag(true),
  others: list([], 20),
  relayOnly: flag(false),
  pool: number(0, { min: 0, max: 10 }),
  seconds: number(10, { min: 1, max: 60 }),
})
export type TrickleSettings = typeof trickleSettings.fallback
