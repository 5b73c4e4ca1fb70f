import { byteAt } from '@parley/bytes'
import type { RtpPacket } from '../packet/rtp-packet.ts'

const token = /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+$/
const maxLength = 255

/**
 * A mid, rid or repaired rid: an SDP token (RFC 8866 §9). Undefined if the packet has none or what it has is no token.
 * Makes a string, so read it once for each SSRC.
 */
export function readToken(packet: RtpPacket, id: number): string | undefined {
  const offset = packet.findExtension(id)
  if (offset < 0) return undefined
  let text = ''
  for (let i = 0; i < packet.extensionLength; i++) text += String.fromCharCode(byteAt(packet.bytes, offset + i))
  return token.test(text) ? text : undefined
}

/** A mid or rid as a value for HeaderRewrite.setExtension. Throws RangeError if it is no token or too long. */
export function tokenBytes(text: string): Uint8Array {
  if (!token.test(text) || text.length > maxLength) throw new RangeError(`${JSON.stringify(text)} is no token`)
  return Uint8Array.from(text, character => character.charCodeAt(0))
}
