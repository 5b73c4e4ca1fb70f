import type { ParticipantState, RoomState } from '@parley/client'

/** Everybody who records, whoever began first first. */
export function whoRecords({
  self,
  participants,
}: Pick<RoomState, 'self' | 'participants'>): readonly ParticipantState[] {
  return [self, ...participants]
    .filter(({ recording }) => recording !== undefined)
    .sort((a, b) => (a.recording ?? 0) - (b.recording ?? 0))
}

/** Somebody began or stopped recording, or we came while they did. */
export interface RecordingNote {
  readonly what: 'started' | 'stopped'
  readonly who: 'you' | 'other'
  readonly id: string
  readonly name: string
}

/**
 * What has changed about who records. Whoever leaves has stopped; those who record when we come have started, as far as we know.
 * @param before Undefined: we have just come.
 */
export function recordingNotes(before: RoomState | undefined, after: RoomState): readonly RecordingNote[] {
  if (before?.participants === after.participants && before.self === after.self) return []
  const was = new Map((before ? whoRecords(before) : []).map(person => [person.id, person]))
  const is = new Map(whoRecords(after).map(person => [person.id, person]))
  const note = (what: RecordingNote['what'], { id, name, local }: ParticipantState): RecordingNote => ({
    what,
    who: local ? 'you' : 'other',
    id,
    name,
  })
  return [
    ...[...was.values()].filter(({ id }) => !is.has(id)).map(person => note('stopped', person)),
    ...[...is.values()].filter(({ id }) => !was.has(id)).map(person => note('started', person)),
  ]
}
