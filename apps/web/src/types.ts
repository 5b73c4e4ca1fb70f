import type { CallHandle, ClientErrorCode, Room, RoomEvents } from '@parley/client'

/** How a meeting came to its end for this person. */
export interface MeetingEnd {
  readonly reason: RoomEvents['ended']['reason']
  /** Why the session ended, where it took the seat with it and was not closed here. */
  readonly code?: ClientErrorCode | undefined
  readonly durationMs: number
}

export interface MeetingProps {
  /** Joined already, with the media store attached to it; leaving it is the meeting's job. */
  readonly room: Room
  /** Set when the room is that of a call between two people. */
  readonly call: CallHandle | undefined
  readonly onEnded: (end: MeetingEnd) => void
}

export interface EndedProps {
  readonly room: string
  readonly end: MeetingEnd
  readonly onRejoin: () => void
  readonly onHome: () => void
}
