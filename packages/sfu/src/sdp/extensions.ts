import type { ExtensionIds } from '../control.ts'
import type { Side } from './codecs.ts'

interface ExtensionRow {
  readonly uri: string
  readonly kinds: readonly ('audio' | 'video')[]
  readonly sides: readonly Side[]
  /** We write it ourselves towards subscribers, whether the publisher does or not. */
  readonly ours: boolean
}

const both = ['audio', 'video'] as const
const everywhere = ['publish', 'subscribe'] as const

function extension(
  uri: string,
  kinds: ExtensionRow['kinds'] = both,
  sides: ExtensionRow['sides'] = everywhere,
  ours = false,
): ExtensionRow {
  return { uri, kinds, sides, ours }
}

/** The header extensions that pass. Towards subscribers the place in the table, from 1, is the identifier. */
const table: readonly ExtensionRow[] = [
  extension('urn:ietf:params:rtp-hdrext:sdes:mid', both, everywhere, true), // RFC 9143 §15
  extension('http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time', both, everywhere, true),
  extension('http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time'),
  extension('urn:ietf:params:rtp-hdrext:ssrc-audio-level', ['audio']), // RFC 6464
  extension('urn:3gpp:video-orientation', ['video']),
  extension('http://www.webrtc.org/experiments/rtp-hdrext/playout-delay', ['video']),
  extension('urn:ietf:params:rtp-hdrext:toffset', ['video']), // RFC 5450
  extension('https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension', ['video']),
  extension('urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', ['video'], ['publish']), // RFC 8852
  extension('urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id', ['video'], ['publish']),
  extension('http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', both, ['publish']),
]

const known: ReadonlySet<string> = new Set(table.map(({ uri }) => uri))

export function isKnownExtension(uri: string): boolean {
  return known.has(uri)
}

/** Those of an offer that we take, with the offer's identifiers. */
export function acceptExtensions(offered: ExtensionIds, kind: 'audio' | 'video', side: Side): ExtensionIds {
  const rows = table.filter(({ uri, kinds, sides }) => uri in offered && kinds.includes(kind) && sides.includes(side))
  return Object.fromEntries(rows.map(({ uri }) => [uri, offered[uri] ?? 0]))
}

/** Those that we offer to a subscriber: the publication's, and our own. The same everywhere in a bundle (RFC 9143 §9.1). */
export function offerExtensions(published: ExtensionIds, kind: 'audio' | 'video'): ExtensionIds {
  const ids: Record<string, number> = {}
  for (const [index, { uri, kinds, sides, ours }] of table.entries()) {
    if (sides.includes('subscribe') && kinds.includes(kind) && (ours || uri in published)) ids[uri] = index + 1
  }
  return ids
}
