import type { MediaDescription } from 'sdp-transform'
import type { ExtensionIds } from '../control.ts'
import { isKnownExtension } from './extensions.ts'
import type { Direction, Msid, Rid, Simulcast, Source, SourceGroup } from './model.ts'
import { integer, text } from './values.ts'

const most = { sources: 64, groups: 32, rids: 16, msids: 8 } as const

const ridPattern = /^[\w-]{1,32}$/
const msidPattern = /^msid:([\w!#$%&'*+.^`{|}~-]{1,64})(?: ([\w!#$%&'*+.^`{|}~-]{1,64}))?$/

/**
 * The known header extensions that are used in the section's direction, or, in a section of both directions, at least sent by its
 * writer (RFC 8285 §5). Of two with the same identifier or URI, the first counts.
 */
export function parseExtensions(written: NonNullable<MediaDescription['ext']>, section: Direction): ExtensionIds {
  const ids: Record<string, number> = {}
  const taken = new Set<number>()
  for (const line of written) {
    const { value, uri, direction = section } = line
    if (!isKnownExtension(uri) || uri in ids) continue
    const id = integer(value, 1, 255)
    // 15 is reserved in the one-byte form.
    if (id === undefined || id === 15 || taken.has(id) || line['encrypt-uri'] !== undefined) continue
    if (direction !== 'sendrecv' && direction !== section && !(section === 'sendrecv' && direction === 'sendonly'))
      continue
    taken.add(id)
    ids[uri] = id
  }
  return ids
}

export function parseSources(media: MediaDescription): Source[] {
  const names = new Map<number, string | undefined>()
  for (const { id, attribute, value } of media.ssrcs ?? []) {
    const ssrc = integer(id, 0, 2 ** 32 - 1)
    if (ssrc === undefined || (!names.has(ssrc) && names.size === most.sources)) continue
    const cname = attribute === 'cname' ? text(value) : undefined
    names.set(ssrc, names.get(ssrc) ?? (/^[\x21-\x7e]{1,255}$/.test(cname ?? '') ? cname : undefined))
  }
  return [...names].map(([ssrc, cname]) => ({ ssrc, cname }))
}

export function parseGroups(media: MediaDescription): SourceGroup[] {
  return (media.ssrcGroups ?? []).slice(0, most.groups).flatMap(({ semantics, ssrcs }) => {
    const members = (text(ssrcs) ?? '').split(' ').map(ssrc => integer(ssrc, 0, 2 ** 32 - 1))
    const whole = members.filter(ssrc => ssrc !== undefined).slice(0, most.sources)
    return /^[\w-]{1,16}$/.test(semantics) && whole.length > 0 ? { semantics, ssrcs: whole } : []
  })
}

export function parseRids(media: MediaDescription): Rid[] {
  const rids = new Map<string, Rid>()
  for (const { id, direction } of media.rids ?? []) {
    const name = text(id)
    if (name === undefined || !ridPattern.test(name) || rids.size === most.rids) continue
    if (direction === 'send' || direction === 'recv') rids.set(name, { id: name, direction })
  }
  return [...rids.values()]
}

/** Keeps only streams that have a `rid` line in that direction (RFC 8853 §5.2), and of alternatives the first that has. */
export function parseSimulcast(media: MediaDescription): Simulcast[] {
  const rids = parseRids(media)
  const { dir1, list1, dir2, list2 } = media.simulcast ?? {}
  return [[dir1, text(list1)] as const, [dir2, text(list2)] as const].flatMap(([direction, list]) => {
    if (direction === undefined || list === undefined) return []
    const streams = list.split(';').flatMap(alternatives => {
      const written = alternatives
        .split(',')
        .map(name => ({ rid: name.replace(/^~/, ''), paused: name.startsWith('~') }))
      return (
        written.find(({ rid }) => rids.some(({ id, direction: towards }) => id === rid && towards === direction)) ?? []
      )
    })
    return streams.length > 0 ? { direction, streams: streams.slice(0, most.rids) } : []
  })
}

export function parseMsids(media: MediaDescription): Msid[] {
  const written = (media.msid ?? []).map(({ id, appdata }) => ({ stream: text(id), track: text(appdata) }))
  // Firefox writes braces, in which sdp-transform does not recognise an msid.
  const braced = (media.invalid ?? []).flatMap(({ value }) => {
    const [, stream, track] = msidPattern.exec(text(value) ?? '') ?? []
    return stream === undefined ? [] : { stream, track }
  })
  const fits = (id: string | undefined) => id === undefined || id.length <= 64
  return [...written, ...braced]
    .flatMap(({ stream, track }) => (stream === undefined ? [] : { stream, track }))
    .filter(({ stream, track }) => fits(stream) && fits(track))
    .slice(0, most.msids)
}
