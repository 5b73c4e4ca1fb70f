import { headerExtensions } from '@parley/rtp'
import type { ExtensionIds } from '../control.ts'
import type { Side } from './codecs.ts'
import type { RtpSection } from './model.ts'

interface ExtensionRow {
  readonly uri: string
  readonly kinds: readonly ('audio' | 'video')[]
  readonly sides: readonly Side[]
}

const both = ['audio', 'video'] as const
const everywhere = ['publish', 'subscribe'] as const

function extension(
  name: keyof typeof headerExtensions,
  kinds: ExtensionRow['kinds'] = both,
  sides: ExtensionRow['sides'] = everywhere,
): ExtensionRow {
  return { uri: headerExtensions[name], kinds, sides }
}

/**
 * The header extensions that we use or pass on. Towards subscribers, an extension's identifier is its position in this table,
 * from 1. Extensions about a single hop, such as the time of sending, are taken from publishers and not passed on; two we
 * write ourselves.
 */
const table: readonly ExtensionRow[] = [
  extension('mid'),
  extension('absCaptureTime'),
  extension('audioLevel', ['audio']),
  extension('videoOrientation', ['video']),
  extension('playoutDelay', ['video']),
  extension('dependencyDescriptor', ['video']),
  extension('rid', ['video'], ['publish']),
  extension('repairedRid', ['video'], ['publish']),
  extension('absSendTime', both, ['publish']),
  extension('transmissionOffset', ['video'], ['publish']),
  extension('transportSequenceNumber'),
]

/** What we say to every subscriber, whatever the publisher says. */
const ours: readonly string[] = [headerExtensions.mid, headerExtensions.transportSequenceNumber]

const known: ReadonlySet<string> = new Set(table.map(({ uri }) => uri))

export function isKnownExtension(uri: string): boolean {
  return known.has(uri)
}

/**
 * The extensions of an offer that we accept, with the offer's identifiers. Towards subscribers, only those that the one-byte
 * form can hold (RFC 8285 §4.2).
 */
export function acceptExtensions(
  { extensions, kind, mid }: Pick<RtpSection, 'extensions' | 'kind' | 'mid'>,
  side: Side,
): ExtensionIds {
  const rows = table.filter(({ uri, kinds, sides }) => {
    const id = extensions[uri]
    const fits = side === 'publish' || ((id ?? 0) <= 14 && (uri !== headerExtensions.mid || mid.length <= 16))
    return id !== undefined && fits && kinds.includes(kind) && sides.includes(side)
  })
  return Object.fromEntries(rows.map(({ uri }) => [uri, extensions[uri] ?? 0]))
}

/** What we offer to a subscriber: our own extensions, and the publication's. The identifiers are the same throughout a bundle (RFC 9143 §9.1). */
export function offerExtensions(published: ExtensionIds, kind: 'audio' | 'video'): ExtensionIds {
  const ids: Record<string, number> = {}
  for (const [index, { uri, kinds, sides }] of table.entries()) {
    if (sides.includes('subscribe') && kinds.includes(kind) && (ours.includes(uri) || uri in published))
      ids[uri] = index + 1
  }
  return ids
}
