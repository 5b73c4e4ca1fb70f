/** An address, network or rule that somebody wrote and that means nothing. The message names it and what is wrong. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
}
