import { expect, test, vi } from 'vitest'
import { ActiveRecording } from './active-recording.ts'
import type { CaptureHost } from './capture/capture.ts'
import { Recordings } from './recordings.ts'
import { readJournal } from './storage/journal.ts'
import type { FileWriter } from './storage/store.ts'
import { fakeRoom } from './testing/fake-room.ts'
import { MemoryStore } from './testing/memory-store.ts'
import { RecordingError } from './types.ts'

const mp4 = { mimeType: 'video/mp4', kind: 'mp4' } as const
const mebibyte = 2 ** 20

/** A recording of one file, whose bytes the test writes. */
function setUp() {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const store = new MemoryStore()
  const meeting = fakeRoom()
  let now = 0
  let host: CaptureHost | undefined
  let writer: FileWriter | undefined
  const log: string[] = []
  const recording = new ActiveRecording({
    id: 'one',
    room: meeting.room,
    mode: 'composed',
    store,
    now: () => now,
    startedAt: 1000,
    capture: given => {
      host = given
      return {
        start: async () => {
          log.push(`start, told: ${meeting.told}`)
          writer = await given.openFile(mp4)
        },
        stop: async () => void log.push(`stop, told: ${meeting.told}`),
      }
    },
  })
  const write = async (bytes: number, afterMs = 1000) => {
    now += afterMs
    await writer?.append(new ArrayBuffer(bytes)).then(
      () => host?.wrote(bytes),
      error => host?.failed(error),
    )
  }
  const ended = () => vi.waitFor(() => expect(recording.state.status).toBe('ended'))
  const journal = async () => readJournal(await (await store.file('one', 'journal.json')).text())
  return { store, recording, meeting, write, ended, journal, log, fail: (error: unknown) => host?.failed(error) }
}

test('everybody is told before the first picture is taken, and again after the last', async () => {
  const { recording, meeting, log, write } = setUp()
  await recording.start()
  await write(100)
  await recording.stop()
  expect(log).toEqual(['start, told: true', 'stop, told: true'])
  expect(meeting.told).toEqual([true, false])
  expect(meeting.listeners.size).toBe(0)
})

test('what was recorded is finished and listed; stopping twice waits for the same', async () => {
  const { store, recording, write } = setUp()
  const states: string[] = []
  recording.on('state', state => states.push('progress' in state ? `${state.status} ${state.progress}` : state.status))
  await recording.start()
  await write(100)
  await write(50)
  expect(recording).toMatchObject({ bytes: 150, elapsedMs: 2000 })
  expect((await new Recordings(store).list())[0]).toMatchObject({ state: 'running', room: 'tea' })
  const [saved, same] = await Promise.all([recording.stop(), recording.stop()])
  expect(same).toBe(saved)
  expect(saved).toMatchObject({
    id: 'one',
    state: 'finished',
    durationMs: 150,
    files: [{ path: '0.mp4', bytes: 150, durationMs: 150, name: expect.stringMatching(/^parley-tea-1970.*\.mp4$/) }],
  })
  expect(await store.paths('one')).toEqual(['journal.json', '0.mp4'])
  expect(states).toEqual(['finishing 0', 'finishing 0.5', 'ended'])
  expect(store.holding.size).toBe(0)
  expect(recording.elapsedMs).toBe(2000)
})

test('the journal follows, so that a crash leaves something to go by', async () => {
  const { recording, write, journal } = setUp()
  await recording.start()
  expect(await journal()).toMatchObject({ finished: false, elapsedMs: 0, files: [{ number: 0, kind: 'mp4' }] })
  await write(100, 6000)
  await vi.waitFor(async () => expect(await journal()).toMatchObject({ finished: false, elapsedMs: 6000 }))
})

test('leaving the meeting finishes the file, and nobody is told who is not there', async () => {
  const { recording, meeting, write, ended } = setUp()
  await recording.start()
  await write(100)
  meeting.leave()
  await ended()
  expect(recording.state).toMatchObject({ end: 'left', saved: { state: 'finished' } })
  expect(meeting.told).toEqual([true])
})

test('a full disk stops it, and what there is stays and is finished', async () => {
  const { store, recording, meeting, write, ended } = setUp()
  await recording.start()
  await write(100)
  store.full = true
  await write(100)
  await ended()
  expect(recording.state).toMatchObject({ end: 'disk-full', saved: { state: 'finished', durationMs: 100 } })
  expect(meeting.told).toEqual([true, false])
})

test('it stops while there is still space to finish it', async () => {
  const { store, recording, write, ended } = setUp()
  await recording.start()
  store.free = 16 * mebibyte + 2 * mebibyte
  await write(mebibyte, 6000)
  expect(recording.state.status).toBe('recording')
  store.free = 16 * mebibyte + mebibyte
  await write(mebibyte, 6000)
  await ended()
  expect(recording.state).toMatchObject({ end: 'disk-full', saved: { state: 'finished' } })
})

test('without space to finish it, it is interrupted, and finished later', async () => {
  const { store, recording, write } = setUp()
  await recording.start()
  await write(100)
  store.finishing = () => {
    throw new DOMException('No space.', 'QuotaExceededError')
  }
  const saved = await recording.stop()
  expect(saved).toMatchObject({ state: 'interrupted', bytes: expect.any(Number), files: [{ path: '0.part.mp4' }] })
  expect(await store.paths('one')).not.toContain('0.mp4')
  const recordings = new Recordings(store)
  await expect(recordings.recover('one')).rejects.toMatchObject({ code: 'disk-full' })
  store.finishing = ({ size }) => size
  expect(await recordings.recover('one')).toMatchObject({ state: 'finished', durationMs: 100 })
})

test('a recorder that fails stops with what there is; one that has recorded nothing leaves nothing', async () => {
  const { store, recording, ended, fail } = setUp()
  await recording.start()
  store.finishing = () => {
    throw new RecordingError('unreadable')
  }
  fail(new Error('The encoder is gone.'))
  await ended()
  expect(recording.state).toEqual({ status: 'ended', end: 'failed', saved: undefined })
  expect(await store.list()).toEqual([])
})

test('what cannot be announced is not recorded', async () => {
  const { store, recording, meeting, log } = setUp()
  meeting.refuse(new Error('no connection'))
  await expect(recording.start()).rejects.toThrow('no connection')
  expect(log).toEqual(['stop, told: '])
  expect(await store.list()).toEqual([])
  expect(store.holding.size).toBe(0)
})

test('without space it does not begin, and nobody is told', async () => {
  const { store, recording, meeting } = setUp()
  store.free = mebibyte
  await expect(recording.start()).rejects.toMatchObject({ code: 'disk-full' })
  expect(meeting.told).toEqual([])
  expect(await store.list()).toEqual([])
})
