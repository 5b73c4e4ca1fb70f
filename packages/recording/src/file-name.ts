const mostChars = 60
/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i
/** Controls, what turns the direction of text or is not seen, and what paths and shells read. */
const harmful = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*%~`$#&;'{}]+/gu

/**
 * A part of a file name made of anything that people may call themselves or their rooms: one line without paths, in letters of any
 * script, at most 60 characters; `unnamed` if nothing is left.
 */
export function fileNamePart(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(harmful, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[ .-]+|[ .-]+$/g, '')
  const short = [...clean].slice(0, mostChars).join('').trimEnd()
  if (short === '') return 'unnamed'
  return reserved.test(short) ? `${short}_` : short
}

/** `parley-calm-otter-42-2026-11-20-18-05-09.png`: parts that are made safe, and local time, so that files sort. */
export function fileName(parts: readonly string[], at: Date, extension: string): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())]
  const time = [two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())]
  return `${['parley', ...parts.map(fileNamePart), ...day, ...time].join('-')}.${extension}`
}
