import { NegotiationError } from './negotiation-error.ts'

/** Limits that no description of a real meeting comes near. */
const most = { characters: 256 * 1024, lines: 16_384, lineCharacters: 8192, sections: 256, sectionLines: 1024 } as const

/** The attributes that are read. Others are skipped at once, so that they cost nothing however long they are. */
const attributes: ReadonlySet<string> = new Set([
  'group',
  'mid',
  'bundle-only',
  'ice-lite',
  'ice-ufrag',
  'ice-pwd',
  'fingerprint',
  'setup',
  'candidate',
  'end-of-candidates',
  'rtcp-mux',
  'rtcp-rsize',
  'extmap-allow-mixed',
  'extmap',
  'sendrecv',
  'sendonly',
  'recvonly',
  'inactive',
  'rtpmap',
  'fmtp',
  'rtcp-fb',
  'ssrc',
  'ssrc-group',
  'rid',
  'simulcast',
  'msid',
  'sctp-port',
  'sctpmap',
  'max-message-size',
])

/** The lines that are read: first those of the session, then those of each media section. */
export type Parts = readonly [session: readonly string[], ...sections: (readonly string[])[]]

/**
 * Splits a description into the lines of its parts. Tolerates a byte order mark, blank lines and blanks around lines.
 * @throws {NegotiationError} `too-large`, `bad-sdp`
 */
export function readLines(sdp: string): Parts {
  if (sdp.length > most.characters) throw tooLarge('is longer than 256 KiB')
  const lines = sdp.replace(/^\uFEFF/, '').split(/[\r\n]+/, most.lines + 1)
  if (lines.length > most.lines) throw tooLarge(`has more than ${most.lines} lines`)
  const parts: [string[], ...string[][]] = [[]]
  let part = parts[0]
  for (const raw of lines) {
    const line = raw.trim()
    if (line.startsWith('m=')) {
      part = []
      parts.push(part)
      if (parts.length > most.sections + 1) throw tooLarge(`has more than ${most.sections} media sections`)
    }
    if (!matters(line)) continue
    if (line.length > most.lineCharacters) throw tooLarge(`has a line of more than ${most.lineCharacters} characters`)
    part.push(line)
    if (part.length > most.sectionLines) throw tooLarge(`has a section of more than ${most.sectionLines} lines`)
  }
  if (parts[0][0] !== 'v=0') throw new NegotiationError('bad-sdp', 'The description does not begin with v=0.')
  return parts
}

function matters(line: string): boolean {
  if (!line.startsWith('a=')) return /^[vom]=/.test(line)
  const [, name = ''] = /^a=([\w-]+)/.exec(line) ?? []
  return attributes.has(name)
}

function tooLarge(what: string): NegotiationError {
  return new NegotiationError('too-large', `The description ${what}.`)
}
