/** `24 MB`, as the language writes it. */
export function formatBytes(bytes: number, language: string): string {
  const [unit, size] =
    bytes >= 1e9
      ? (['gigabyte', 1e9] as const)
      : bytes >= 1e6
        ? (['megabyte', 1e6] as const)
        : (['kilobyte', 1e3] as const)
  const value = bytes / size
  const maximumFractionDigits = value < 10 ? 1 : 0
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits }).format(value)
}

/** The day and time at which it began. */
export function formatStart(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}

/** The code of a recording's error, for its words; anything else is `failed`. */
export function recordingCode(
  error: unknown,
): 'unsupported' | 'no-storage' | 'disk-full' | 'unreadable' | 'running' | 'failed' {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  switch (code) {
    case 'unsupported':
    case 'no-storage':
    case 'disk-full':
    case 'unreadable':
    case 'running':
      return code
    default:
      return 'failed'
  }
}
