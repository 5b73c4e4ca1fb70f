/**
 * - `bad-sdp`: it does not parse, contradicts itself, or does not follow from what was agreed before.
 * - `too-large`: more text, lines or sections than anybody needs.
 * - `not-usable`: well-formed, but asks for what we do not do (no DTLS, no ICE).
 * - `no-codec`: what is sent cannot be decoded by whoever wants to play it.
 * - `out-of-order`: an answer without an offer, or to another one.
 * - `not-allowed`: the participant may not publish, or not subscribe.
 * - `not-found`: no such room, participant or connection.
 * - `unconditional`: it would restart ICE, for which RFC 9725 §4.3.1 asks for a condition.
 */
export type NegotiationErrorCode =
  | 'bad-sdp'
  | 'too-large'
  | 'not-usable'
  | 'no-codec'
  | 'out-of-order'
  | 'not-allowed'
  | 'not-found'
  | 'unconditional'

/** Why a description was refused. Whoever sent it may read the message; nothing was changed by it. */
export class NegotiationError extends Error {
  readonly code: NegotiationErrorCode

  constructor(code: NegotiationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NegotiationError'
    this.code = code
  }
}
