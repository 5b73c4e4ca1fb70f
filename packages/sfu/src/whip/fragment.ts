import { parse } from 'sdp-transform'
import type { IceCredentials } from '../control.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { iceCredentials } from '../sdp/parse.ts'
import { text } from '../sdp/values.ts'

const most = 64 * 1024

/** What a fragment says of ICE (RFC 8840 §9.2). */
const ofIce = /^(?:m=|a=(?:ice-lite|group|mid|ice-ufrag|ice-pwd|candidate|end-of-candidates)(?::|$))/

/**
 * The client's ICE credentials in a fragment (`application/trickle-ice-sdpfrag`); its candidates are of no use to a lite
 * agent. Undefined: it has candidates alone, or with the `ufrag` that browsers write into each, as some clients send them.
 * @throws {NegotiationError} `bad-sdp`, `too-large`
 */
export function parseFragment(fragment: string): IceCredentials | undefined {
  if (fragment.length > most) throw new NegotiationError('too-large', 'The fragment is too long.')
  const session = parse(fragment)
  const described = [session, ...session.media].find(({ icePwd }) => icePwd !== undefined)
  if (described) return iceCredentials(text(described.iceUfrag), text(described.icePwd))
  if (/^a=(?:candidate:|end-of-candidates)/m.test(fragment)) return undefined
  throw new NegotiationError('bad-sdp', 'The fragment has neither candidates nor ICE credentials.')
}

/** Of an answer of ours, what tells the client about a restart of ICE: the section that its bundle stands on. */
export function fragmentOf(answer: string): string {
  const [session = '', ...sections] = answer.split(/(?=^m=)/m)
  const tagged = sections.find(section => section.includes('\r\na=end-of-candidates\r\n')) ?? ''
  const lines = `${session}${tagged}`.split('\r\n').filter(line => ofIce.test(line))
  return `${lines.join('\r\n')}\r\n`
}
