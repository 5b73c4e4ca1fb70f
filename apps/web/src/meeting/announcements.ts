import type { ParticipantState, RoomState } from '@parley/client'
import { isSharing, microphoneOf } from './stage/tiles.ts'

/** What a screen reader is told: a key of the `meeting.announce` texts and the name in it. */
export interface Announcement {
  readonly key:
    | 'joined'
    | 'left'
    | 'handUp'
    | 'handDown'
    | 'ownHandUp'
    | 'ownHandDown'
    | 'sharing'
    | 'sharingEnded'
    | 'muted'
    | 'unmuted'
  readonly name: string
}

/** The changes between two room states worth announcing. Others' microphones are not: they change all the time. */
export function announcements(before: RoomState, after: RoomState): Announcement[] {
  if (before === after) return []
  const said: Announcement[] = []
  const was = new Map(before.participants.map(person => [person.id, person]))
  const is = new Set(after.participants.map(person => person.id))
  for (const person of before.participants) if (!is.has(person.id)) said.push({ key: 'left', name: person.name })
  for (const person of after.participants) {
    const earlier = was.get(person.id)
    if (!earlier) said.push({ key: 'joined', name: person.name })
    else said.push(...changes(earlier, person))
  }
  said.push(...ownChanges(before.self, after.self))
  return said
}

function changes(before: ParticipantState, after: ParticipantState): Announcement[] {
  const said: Announcement[] = []
  const name = after.name
  if (isUp(before) !== isUp(after)) said.push({ key: isUp(after) ? 'handUp' : 'handDown', name })
  if (isSharing(before) !== isSharing(after)) said.push({ key: isSharing(after) ? 'sharing' : 'sharingEnded', name })
  return said
}

function ownChanges(before: ParticipantState, after: ParticipantState): Announcement[] {
  const said: Announcement[] = []
  const name = after.name
  const microphone = microphoneOf(after)
  if (isUp(before) !== isUp(after)) said.push({ key: isUp(after) ? 'ownHandUp' : 'ownHandDown', name })
  if (microphone !== 'none' && microphone !== microphoneOf(before))
    said.push({ key: microphone === 'on' ? 'unmuted' : 'muted', name })
  return said
}

function isUp(person: ParticipantState): boolean {
  return person.hand !== undefined
}
