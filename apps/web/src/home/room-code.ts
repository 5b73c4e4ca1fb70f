import { limits, roomNamePattern } from '@parley/protocol/limits'
import { roomNameOf } from '@parley/protocol/text'
import { parseUrl } from '@parley/protocol/url'

/** Where a pasted code or link leads. */
export type Destination =
  | { readonly kind: 'room'; readonly room: string }
  /** A room on another server: its whole link. */
  | { readonly kind: 'elsewhere'; readonly url: string; readonly host: string }

/** The room name that a text stands for, in the server's spelling; undefined if the text is not a room name. */
export function toRoomName(text: string): string | undefined {
  const name = roomNameOf(text.replace(/\s+/g, ' ')).replaceAll(' ', '-')
  return name.length <= limits.roomNameChars && roomNamePattern.test(name) ? name : undefined
}

/**
 * Understands what people paste or type: a room name, possibly with spaces (“calm otter 42”), or a link to a room,
 * possibly without a scheme or with words around it. `origins` are this server's addresses. Undefined: not valid (yet).
 */
export function parseCode(text: string, origins: readonly string[]): Destination | undefined {
  const trimmed = text.trim()
  const link = /(?:https?:\/\/)?[^\s/]+\/r\/[^\s?#]+/i.exec(trimmed)?.[0]
  if (link) return parseLink(/^https?:/i.test(link) ? link : `https://${link}`, origins)
  const path = /^\/?r\/([^\s?#]+)$/.exec(trimmed)?.[1]
  return toRoom(path ?? trimmed)
}

function parseLink(link: string, origins: readonly string[]): Destination | undefined {
  const url = parseUrl(link)
  if (!url) return undefined
  const room = toRoom(/^\/r\/([^/]+)\/?$/.exec(url.pathname)?.[1] ?? '')
  if (!room) return undefined
  const ours = origins.some(origin => parseUrl(origin)?.host === url.host)
  return ours ? room : { kind: 'elsewhere', url: url.href, host: url.host }
}

function toRoom(encoded: string): Destination | undefined {
  try {
    const room = toRoomName(decodeURIComponent(encoded))
    return room === undefined ? undefined : { kind: 'room', room }
  } catch {
    return undefined // Invalid percent-encoding, so not a room name.
  }
}
