const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `3.4 MB`, in powers of ten as file managers and browsers show it. */
export function fileSize(bytes: number, language: string): string {
  let unit = 0
  let value = bytes
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1
  const style = { style: 'unit', unit: units[unit] ?? 'byte', unitDisplay: unit === 0 ? 'long' : 'short' } as const
  return new Intl.NumberFormat(language, { ...style, maximumFractionDigits: digits }).format(value)
}

/** `2 min`, `40 sec`: rounded up, and to what a person plans by. */
export function timeLeft(seconds: number, language: string): string {
  const [value, unit] =
    seconds < 55
      ? [Math.max(5, 5 * Math.ceil(seconds / 5)), 'second']
      : seconds < 55 * 60
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 360) / 10, 'hour']
  return new Intl.NumberFormat(language, { style: 'unit', unit: unit as string, unitDisplay: 'short' }).format(
    value as number,
  )
}
