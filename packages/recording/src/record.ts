import type { ParticipantState, Room } from '@parley/client'
import { ActiveRecording } from './active-recording.ts'
import { ComposedCapture } from './capture/composed-capture.ts'
import { canRecord } from './capture/formats.ts'
import { TracksCapture } from './capture/tracks-capture.ts'
import type { Look } from './picture/painter.ts'
import { OpfsStore } from './storage/opfs-store.ts'
import { type LocalRecording, RecordingError, type RecordOptions } from './types.ts'

/**
 * Records the meeting on this device, until it is stopped, we leave, or the disk is full. Everybody in the room is told, by
 * `recording` of our participant. What is recorded is on disk within a second or two, so that a crash costs no more.
 * Call it from a click: browsers do not let a page work on sound before one.
 * @throws {RecordingError} `unsupported`, `no-storage`, `disk-full`, `failed`
 * @throws {ClientError} If the room cannot be told.
 * @example
 * const recording = await record(room, { mode: 'composed' })
 * const saved = await recording.stop()
 */
export async function record(room: Room, options: RecordOptions): Promise<LocalRecording> {
  if (!canRecord()) throw new RecordingError('unsupported')
  const { mode, layout = 'grid', look = firstLetter, screenName = ({ name }) => `${name} · screen` } = options
  const store = new OpfsStore()
  const recording = new ActiveRecording({
    id: `${Date.now().toString(36)}-${crypto.randomUUID().slice(0, 8)}`,
    room,
    mode,
    store,
    capture: host =>
      mode === 'composed'
        ? new ComposedCapture(room, host, { layout, look, screenName })
        : new TracksCapture(room, host),
    now: () => performance.now(),
    startedAt: Date.now(),
  })
  recording.on('state', ({ status }) => status === 'ended' && store.close())
  await recording.start().catch((error: unknown) => {
    store.close()
    throw error
  })
  return recording
}

function firstLetter({ name }: ParticipantState): Look {
  return { initials: [...name.trim()][0]?.toLocaleUpperCase() ?? '?', colour: '#3c5a73' }
}
