/**
 * Adds a word to a hash. Addresses that are counted up differ in the high bits of their words, tables look at the low
 * ones; so each step folds and multiplies (the finish of MurmurHash3).
 */
export function mix(hash: number, word: number): number {
  const folded = Math.imul(hash ^ word ^ ((hash ^ word) >>> 16), 0x85ebca6b)
  return folded ^ (folded >>> 13)
}
