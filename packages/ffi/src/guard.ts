/**
 * Checks a number before it is given to C, which would take NaN and fractions for addresses and sizes without complaint.
 * Throws RangeError.
 */
export function requireInteger(what: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${what} must be an integer from ${min} to ${max}, not ${value}`)
  }
  return value
}

/** Throws RangeError unless `start` to `end` is a range of `bytes`. */
export function requireRange(bytes: Uint8Array, start: number, end: number): void {
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start > end || end > bytes.length) {
    throw new RangeError(`${start} to ${end} is not a range of ${bytes.length} bytes`)
  }
}
