import type { CallHandle, ClientErrorCode, Room, RoomEvents } from '@parley/client'

/** How the meeting ended for this person. */
export interface MeetingEnd {
  readonly reason: RoomEvents['ended']['reason']
  /** Why the session ended, if that is what ended the meeting and it was not closed here. */
  readonly code?: ClientErrorCode | undefined
  readonly durationMs: number
}

export interface MeetingProps {
  /** Already joined, with the media store attached; the meeting is responsible for leaving it. */
  readonly room: Room
  /** Set when the room belongs to a call between two people. */
  readonly call: CallHandle | undefined
  readonly onEnded: (end: MeetingEnd) => void
}

export interface EndedProps {
  readonly room: string
  readonly end: MeetingEnd
  readonly onRejoin: () => void
  readonly onHome: () => void
}
