import { useShareableOrigin } from '@parley/ui/page'

/** The link that invites people to a room. */
export function useRoomLink(room: string): string {
  return `${useShareableOrigin()}${roomPath(room)}`
}

export function roomPath(room: string): string {
  return `/r/${encodeURIComponent(room)}`
}
