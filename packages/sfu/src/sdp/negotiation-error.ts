/**
 * - `bad-sdp`: it does not parse, contradicts itself, or does not follow from what was agreed before.
 * - `too-large`: more text, lines or sections than anybody needs.
 * - `not-usable`: it is well-formed, but we cannot do what it asks for (such as media without DTLS or ICE).
 * - `no-codec`: what is sent cannot be decoded by whoever wants to play it.
 * - `out-of-order`: an answer without an offer, or to another one.
 * - `not-allowed`: the participant may not publish, or not subscribe.
 * - `not-found`: no such room, participant or connection.
 * - `unconditional`: it would restart ICE, but was sent without the condition that RFC 9725 §4.3.1 requires for that.
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

/** A description was refused, and has changed nothing. The message is for whoever sent it. */
export class NegotiationError extends Error {
  readonly code: NegotiationErrorCode

  constructor(code: NegotiationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NegotiationError'
    this.code = code
  }
}
