import { flag, list, number, settingsCodec } from '../report/permalink.ts'

/** What the page's link carries: addresses, never passwords. */
export const trickleSettings = settingsCodec({
  own: flag(true),
  others: list([], 20),
  relayOnly: flag(false),
  pool: number(0, { min: 0, max: 10 }),
  seconds: number(10, { min: 1, max: 60 }),
})
export type TrickleSettings = typeof trickleSettings.fallback
