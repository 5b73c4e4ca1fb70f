import type { BoardEntry } from '@parley/client'

/** What has to be known of an element to share it; Excalidraw's elements are these and more. */
export interface Drawn {
  readonly id: string
  readonly type: string
  readonly version: number
  readonly versionNonce: number
  readonly isDeleted: boolean
}

const prefix = 'el/'

/** What may be drawn. Pages of elsewhere in a frame (`embeddable`, `iframe`) are not. */
const types: ReadonlySet<unknown> = new Set([
  ...['rectangle', 'diamond', 'ellipse', 'arrow', 'line', 'freedraw', 'text', 'image', 'frame'],
])

/** The farthest from the middle, and the largest, that a thing may be. */
const farthest = 1e6
const mostPoints = 50_000
const longestText = 50_000
const longestLink = 2048

/** The entry of an element; undefined for what is not shared. A deleted element's has no value. */
export function toEntry(element: Drawn): BoardEntry | undefined {
  if (!isId(element.id) || !types.has(element.type)) return undefined
  const value = element.isDeleted ? '' : JSON.stringify(element, compact)
  return { key: keyOf(element.id), version: element.version, nonce: element.versionNonce, value }
}

export function keyOf(id: string): string {
  return prefix + id
}

/** Lines are drawn by hand: a hundredth of a pixel is nothing, and half of what is to be sent. */
function compact(name: string, value: unknown): unknown {
  if (name === 'points' || name === 'pressures') return round(value)
  // Whoever is sent it does not have to wait for the picture's upload.
  if (name === 'status') return 'saved'
  return name === 'customData' ? undefined : value
}

function round(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(round)
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value
}

/** The id of the element that an entry is about; undefined if it is about something else. */
export function elementIdOf({ key }: BoardEntry): string | undefined {
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined
}

/**
 * The element of an entry that somebody else has written, whoever they are: undefined for what is none, or could do harm. Of
 * links, only those to pages and mail addresses are left; Excalidraw fills in what is missing.
 */
export function toElement(entry: BoardEntry): Drawn | undefined {
  const given = parse(entry.value)
  if (!given || given.id !== elementIdOf(entry) || !types.has(given.type) || !isSound(given)) return undefined
  const { customData: _, ...rest } = given
  return {
    ...rest,
    id: given.id as string,
    type: given.type as string,
    link: safeLink(given.link),
    version: entry.version,
    versionNonce: entry.nonce,
    isDeleted: false,
  } as Drawn
}

/** A link that may be followed; null for anything else. */
export function safeLink(link: unknown): string | null {
  if (typeof link !== 'string' || link.length > longestLink) return null
  try {
    const { protocol } = new URL(link)
    return ['https:', 'http:', 'mailto:'].includes(protocol) ? link : null
  } catch {
    return null
  }
}

type Fields = Readonly<Record<string, unknown>>

function parse(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
  } catch {
    return undefined // Not of this program, or encrypted with another secret.
  }
}

/** Whether the canvas can be trusted with it. */
function isSound(element: Fields): boolean {
  const { points, pressures, text, originalText, fontSize, groupIds, boundElements, fileId } = element
  return (
    ['x', 'y', 'width', 'height', 'angle'].every(name => isWithin(element[name], farthest)) &&
    isAbsentOr(points, isLine) &&
    (points !== undefined || !['arrow', 'line', 'freedraw'].includes(element.type as string)) &&
    isAbsentOr(pressures, all => isList(all, mostPoints, one => isWithin(one, 1))) &&
    [text, originalText].every(one => isAbsentOr(one, it => typeof it === 'string' && it.length <= longestText)) &&
    (element.type !== 'text' || typeof text === 'string') &&
    isAbsentOr(fontSize, size => isWithin(size, 1000) && (size as number) > 0) &&
    isAbsentOr(groupIds, all => isList(all, 100, one => typeof one === 'string')) &&
    isAbsentOr(boundElements, all => isList(all, 10_000, one => isId((one as Fields | null)?.id))) &&
    isAbsentOr(fileId, isId) &&
    ['strokeWidth', 'roughness', 'opacity'].every(name => isAbsentOr(element[name], one => isWithin(one, 1000))) &&
    ['strokeColor', 'backgroundColor'].every(name => isAbsentOr(element[name], isColour))
  )
}

function isLine(points: unknown): boolean {
  return isList(points, mostPoints, point => isList(point, 2, each => isWithin(each, farthest)))
}

function isList(value: unknown, most: number, fits: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every(fits)
}

function isAbsentOr(value: unknown, fits: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || fits(value)
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && Math.abs(value) <= most
}

function isColour(value: unknown): boolean {
  return typeof value === 'string' && /^(#[\da-f]{3,8}|transparent|[a-z]{3,20})$/i.test(value)
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,100}$/.test(value)
}
