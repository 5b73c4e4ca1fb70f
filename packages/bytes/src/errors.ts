/**
 * Bytes from the network that do not parse. Caught once per datagram, at the socket: counted and dropped.
 * `place` names what was being read (`stun/lifetime`), so that a count per place says who sends rubbish.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly place: string

  constructor(place: string, problem: string, options?: ErrorOptions) {
    super(`${place}: ${problem}`, options)
    this.place = place
  }
}

/** A value that has no encoding, or a buffer that is too small for it: a mistake on our side, never the peer's. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
  readonly place: string

  constructor(place: string, problem: string, options?: ErrorOptions) {
    super(`${place}: ${problem}`, options)
    this.place = place
  }
}
