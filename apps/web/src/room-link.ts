import { useShareableOrigin } from '@parley/ui/page'

/** The field of the fragment that holds the secret of end-to-end encryption: browsers send no fragment to any server. */
const secretField = 'e2ee'

/** The link that invites people to the room of this page, with the secret that the page was opened with. */
export function useRoomLink(room: string): string {
  return `${useShareableOrigin()}${roomPath(room, secretIn(location.hash))}`
}

/** @param secret Of end-to-end encryption; undefined: none. */
export function roomPath(room: string, secret?: string): string {
  const fragment = secret === undefined ? '' : `#${new URLSearchParams({ [secretField]: secret })}`
  return `/r/${encodeURIComponent(room)}${fragment}`
}

/** The secret in the fragment of a link to a room. */
export function secretIn(fragment: string): string | undefined {
  return new URLSearchParams(fragment.replace(/^#/, '')).get(secretField) || undefined
}
