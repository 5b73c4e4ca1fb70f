/** Values in one message, where an object or an array counts as one: the largest valid message has 512 tracks of nine fields. */
const maxValues = 6144
const maxDepth = 16

/**
 * Whether a message has too many parts, or nests them too deep, to be checked against its schema: a schema visits every part
 * and reports what is wrong with each, which for a quarter of a megabyte of `[1,1,1,…]` would hold the server up for too long.
 */
export function isTooComplex(value: unknown): boolean {
  let left = maxValues
  const fits = (part: unknown, depth: number): boolean => {
    if (--left < 0) return false
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return true
    if (depth === maxDepth) return false
    for (const key in part) if (!fits((part as Record<string, unknown>)[key], depth + 1)) return false
    return true
  }
  return !fits(value, 0)
}
