/** The address of the room one is in, without anything that is only ours (tokens, tracking). */
export function inviteLink(address: Pick<Location, 'origin' | 'pathname'> = location): string {
  return address.origin + address.pathname
}
