/** Why a packet was not protected or unprotected: what the methods return instead of its new end. */
export const refused = {
  /** No RTP or RTCP of version 2, or too short to be protected. */
  malformed: -1,
  /** Received before, or too old to say. */
  replayed: -2,
  /** The tag is wrong. */
  forged: -3,
  /** Of one SSRC more than are allowed; nobody looked whether it is authentic. */
  tooManySsrcs: -4,
  /** To be sent under an index that was used before, or is too old to say: the same nonce twice would undo the key. */
  repeated: -5,
  /** The key has protected all the packets that it may (RFC 3711 §9.2). */
  exhausted: -6,
  /** No room for the tag behind the packet. */
  noRoom: -7,
} as const

export type Refusal = keyof typeof refused

const names = new Map<number, Refusal>(Object.entries(refused).map(([name, code]) => [code, name as Refusal]))

/** The name of a negative result, for counters and logs. */
export function refusalName(code: number): Refusal | undefined {
  return names.get(code)
}
