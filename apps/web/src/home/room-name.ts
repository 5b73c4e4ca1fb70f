import { adjectives, nouns } from './words.ts'

/** A number from 0 up to, not including, `bound`; each equally likely. */
export type Random = (bound: number) => number

/** From the browser's generator of secrets, without the bias of a plain remainder. */
export const cryptoRandom: Random = bound => {
  const limit = Math.floor(2 ** 32 / bound) * bound
  const cell = new Uint32Array(1)
  for (;;) {
    const value = crypto.getRandomValues(cell)[0] ?? limit
    if (value < limit) return value % bound
  }
}

/** A name that can be read out over the phone, like “calm-otter-42”; over a million of them. */
export function makeRoomName(random: Random = cryptoRandom): string {
  const pick = (words: readonly string[]) => words[random(words.length)]
  return `${pick(adjectives)}-${pick(nouns)}-${10 + random(90)}`
}
