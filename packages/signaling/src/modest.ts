/** Values in a message, an object or an array counting as one: the largest that is good has 512 tracks of three fields. */
const mostValues = 4096
const deepest = 16

/**
 * Whether a message has few enough parts, not nested too deep, to be worth checking: a schema looks at every part and says
 * what is wrong with each, which for a quarter of a megabyte of `[1,1,1,…]` takes longer than anybody may hold the server up.
 */
export function isModest(value: unknown): boolean {
  let left = mostValues
  const fits = (part: unknown, depth: number): boolean => {
    if (--left < 0) return false
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return true
    if (depth === deepest) return false
    for (const key in part) if (!fits((part as Record<string, unknown>)[key], depth + 1)) return false
    return true
  }
  return fits(value, 0)
}
