/** Why a packet was not protected or unprotected: what is returned instead of its new end. */
export const refused = {
  /** Not RTP or RTCP of version 2, or too short. */
  malformed: -1,
  /** Received before, or too old to tell. */
  replayed: -2,
  /** The tag is wrong. */
  forged: -3,
  /** The SSRC is one more than may be sent under a key. */
  tooManySsrcs: -4,
  /** Sending it would use an index twice, or may do so. The same nonce twice would break the encryption. */
  repeated: -5,
  /** The key has protected as many packets as it may (RFC 3711 §9.2). */
  exhausted: -6,
  /** There is no room for the tag after the packet. */
  noRoom: -7,
} as const

export type Refusal = keyof typeof refused

const names = new Map<number, Refusal>(Object.entries(refused).map(([name, code]) => [code, name as Refusal]))

/** The name of a negative result, for counters and logs. */
export function refusalName(code: number): Refusal | undefined {
  return names.get(code)
}
