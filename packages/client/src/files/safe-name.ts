const mostBytes = 200

/** Device names of Windows, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
/**
 * Control characters, what turns the direction of writing (so that `exe.gpj` reads as `jpg.exe`), and what cannot be seen; but not
 * the joiners that emoji and some scripts need.
 */
const deceiving = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu
const forbidden = /[\\/:*?"<>|]/g

/**
 * The name of a file as it may be shown and saved, whatever the sender says: no folders, nothing invisible, nothing that a file
 * system refuses, at most 200 bytes, of which the extension is kept.
 */
export function safeName(name: string): string {
  const last = name.split(/[\\/]/).findLast(part => part.trim() !== '') ?? ''
  const visible = last
    .normalize('NFC')
    .replace(deceiving, '')
    .replace(forbidden, '_')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/gu, '')
  if (visible === '') return 'file'
  return shortened(reserved.test(visible) ? `_${visible}` : visible)
}

function shortened(name: string): string {
  if (bytesOf(name) <= mostBytes) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && bytesOf(name.slice(dot)) <= 32 ? name.slice(dot) : ''
  const stem = [...name.slice(0, name.length - extension.length)]
  while (bytesOf(stem.join('')) + bytesOf(extension) > mostBytes) stem.pop()
  return `${stem.join('').trimEnd()}${extension}`
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
