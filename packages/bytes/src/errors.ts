/**
 * Bytes from the network do not parse. To be caught once per datagram, at the socket, where the datagram is counted and
 * dropped. `place` names what was being read (`stun/lifetime`), so that counts by place show what goes wrong.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly place: string

  constructor(place: string, problem: string, options?: ErrorOptions) {
    super(`${place}: ${problem}`, options)
    this.place = place
  }
}

/** A value cannot be encoded, or the buffer is too small for it: a mistake on our side, never the peer's. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
  readonly place: string

  constructor(place: string, problem: string, options?: ErrorOptions) {
    super(`${place}: ${problem}`, options)
    this.place = place
  }
}
