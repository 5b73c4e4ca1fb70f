import { IpAddress } from '@parley/net'
import { Encoder, Message, shortTermKey, stun } from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import type { Datagram } from '@parley/udp'

const encoder = new Encoder(new Uint8Array(200))

/** Answers a connectivity check of a full agent (RFC 8445 §7.3); false: it is none. */
export function answerCheck({ bytes, start, end, from, socket }: Datagram, password: string): boolean {
  if ((bytes[start] as number) > 3) return false
  const check = Message.decode(bytes, start, end)
  if (check.class !== 'request') return false
  const mapped = { address: IpAddress.parse(from.host), port: from.port }
  const answer = encoder.reply(check, 'success').add(stun.xorMappedAddress, mapped)
  const answered = answer.integrity(shortTermKey(password), nodeCrypto).fingerprint().finish()
  socket.send(answered, 0, answered.length, from)
  return true
}
