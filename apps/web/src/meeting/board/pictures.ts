import type { BoardEntry } from '@parley/client'

/** A picture as Excalidraw has it: all of it in a `data:` URL. */
export interface Picture {
  readonly id: string
  readonly mimeType: string
  readonly dataURL: string
}

/** As many characters as fit one entry, also where it is encrypted. */
const partChars = 90 * 1024
/** What a picture may have at most, characters: Excalidraw makes them smaller than that. */
const mostParts = 80

/** Pictures made of pixels. SVG is a program, and is turned into one of these first. */
const types: ReadonlySet<string> = new Set([
  ...['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/bmp', 'image/avif', 'image/x-icon'],
])

const headKey = (id: string) => `file/${id}`
const partKey = (id: string, n: number) => `file/${id}/${n}`

/** The id of the picture that an entry is about; undefined if it is about something else. */
export function pictureIdOf({ key }: BoardEntry): string | undefined {
  return /^file\/([\w-]{1,100})(?:\/\d+)?$/.exec(key)?.[1]
}

type Entries = ReadonlyMap<string, BoardEntry>

/** Whether the board has this picture, whole or in part. */
export function hasPicture(entries: Entries, id: string): boolean {
  return (entries.get(headKey(id))?.value ?? '') !== ''
}

/** The entries that bring a picture to the board; undefined for what is no picture made of pixels, or too large. */
export function pictureEntries(entries: Entries, { id, mimeType, dataURL }: Picture): BoardEntry[] | undefined {
  const data = /^data:([\w/+.-]+);base64,([\w+/=]+)$/.exec(dataURL)?.[2]
  if (data === undefined || !types.has(mimeType)) return undefined
  const parts = Math.ceil(data.length / partChars)
  if (parts > mostParts) return undefined
  const head = entryOf(entries, headKey(id), JSON.stringify({ type: mimeType, parts }))
  return [
    head,
    ...Array.from({ length: parts }, (_, n) =>
      entryOf(entries, partKey(id, n), data.slice(n * partChars, (n + 1) * partChars)),
    ),
  ]
}

/** The entries that take a picture off the board. */
export function withoutPicture(entries: Entries, id: string): BoardEntry[] {
  const keys = [headKey(id), ...Array.from({ length: partsOf(entries, id)?.parts ?? 0 }, (_, n) => partKey(id, n))]
  return keys.filter(key => entries.get(key)?.value).map(key => entryOf(entries, key, ''))
}

/** A picture that is on the board with all its parts; undefined if some have not come, or if it is none. */
export function pictureFrom(entries: Entries, id: string): Picture | undefined {
  const head = partsOf(entries, id)
  if (!head) return undefined
  const parts = Array.from({ length: head.parts }, (_, n) => entries.get(partKey(id, n))?.value ?? '')
  if (parts.some(part => !/^[\w+/=]+$/.test(part))) return undefined
  return { id, mimeType: head.type, dataURL: `data:${head.type};base64,${parts.join('')}` }
}

function partsOf(entries: Entries, id: string): { readonly type: string; readonly parts: number } | undefined {
  try {
    const { type, parts } = JSON.parse(entries.get(headKey(id))?.value ?? '') as { type?: unknown; parts?: unknown }
    const fits = typeof type === 'string' && types.has(type) && Number.isInteger(parts)
    return fits && (parts as number) >= 1 && (parts as number) <= mostParts
      ? { type, parts: parts as number }
      : undefined
  } catch {
    return undefined // Not there, or not of this program.
  }
}

/** What a picture's id stands for never changes, so whoever brings it writes the same. */
function entryOf(entries: Entries, key: string, value: string): BoardEntry {
  return { key, version: (entries.get(key)?.version ?? 0) + 1, nonce: 0, value }
}
