/**
 * A value as `sdp-transform` gives it. Whatever its types say, it turns everything that looks like a number into one, and leaves
 * out what a line lacks, so every value has to be checked before it is used.
 */
export type Written = string | number | undefined

export function text(value: Written): string | undefined {
  return value === undefined ? undefined : String(value)
}

/** A whole number from `least` to `most`; undefined if it is anything else. */
export function integer(value: Written, least: number, most: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : undefined
}
