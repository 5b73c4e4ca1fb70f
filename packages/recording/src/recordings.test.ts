import { expect, test } from 'vitest'
import { Recordings } from './recordings.ts'
import { type Journal, journalPath, writeJournal } from './storage/journal.ts'
import { MemoryStore } from './testing/memory-store.ts'

const journal: Journal = {
  version: 1,
  room: 'tea/../x',
  mode: 'tracks',
  startedAt: Date.UTC(2026, 0, 2, 12),
  elapsedMs: 9000,
  finished: false,
  files: [
    { number: 0, kind: 'webm', mimeType: 'video/webm', startMs: 0, track: { name: 'Ann', source: 'camera' } },
    {
      number: 1,
      kind: 'mp4',
      mimeType: 'audio/mp4',
      startMs: 2000,
      track: { name: 'Bo\u202Eb', source: 'microphone' },
    },
  ],
}

async function crashed(id = 'one', over: Partial<Journal> = {}) {
  const store = new MemoryStore()
  await store.note(id, journalPath, writeJournal({ ...journal, ...over }))
  await (await store.write(id, '0.part.webm')).append(new ArrayBuffer(70))
  await (await store.write(id, '1.part.mp4')).append(new ArrayBuffer(50))
  return { store, recordings: new Recordings(store) }
}

test('a recording without an end is listed as interrupted, with what its journal knows', async () => {
  const { recordings } = await crashed()
  const [found] = await recordings.list()
  expect(found).toMatchObject({ state: 'interrupted', durationMs: 9000, mode: 'tracks' })
  expect(found?.files.map(({ name, bytes }) => [name.replace(/\d{4}.*\./, '*.'), bytes])).toEqual([
    ['parley-tea .. x-Ann-camera-*.webm', 70],
    ['parley-tea .. x-Bo b-microphone-*.mp4', 50],
  ])
})

test('it can be recovered, file by file, and then lasts as long as its last file', async () => {
  const { store, recordings } = await crashed()
  const told: number[] = []
  const saved = await recordings.recover('one', share => told.push(share))
  expect(saved).toMatchObject({ state: 'finished', durationMs: 2050 })
  expect(told).toEqual([0.25, 0.75])
  expect(await store.paths('one')).toEqual([journalPath, '0.webm', '1.mp4'])
  expect(await recordings.list()).toEqual([saved])
})

test('a file that was finished before the crash is not finished again', async () => {
  const [first, second] = journal.files
  if (!first || !second) throw new Error('There are two files.')
  const { store, recordings } = await crashed('one', { files: [{ ...first, durationMs: 70 }, second] })
  store.finishing = ({ size }) => (size === 50 ? 50 : Number.NaN)
  expect(await recordings.recover('one')).toMatchObject({ state: 'finished', durationMs: 2050 })
})

test('files in which there is nothing go; if there is nothing at all, it says so', async () => {
  const { store, recordings } = await crashed()
  const { RecordingError } = await import('./types.ts')
  store.finishing = ({ size }) => {
    if (size === 70) throw new RecordingError('unreadable')
    return size
  }
  expect((await recordings.recover('one')).files).toMatchObject([{ path: '1.mp4' }])
  const empty = await crashed()
  empty.store.finishing = () => {
    throw new RecordingError('unreadable')
  }
  await expect(empty.recordings.recover('one')).rejects.toMatchObject({ code: 'unreadable' })
})

test('one whose journal is gone is found by its files', async () => {
  const { store, recordings } = await crashed()
  await store.note('one', journalPath, '\u0000\u0000')
  expect(await recordings.list()).toMatchObject([{ state: 'interrupted', room: '', startedAt: 5, files: [{}, {}] }])
  expect(await recordings.recover('one')).toMatchObject({ state: 'finished' })
})

test('one that runs in another tab is neither recovered nor deleted', async () => {
  const { store, recordings } = await crashed()
  const release = await store.hold('one')
  expect(await recordings.list()).toMatchObject([{ state: 'running' }])
  await expect(recordings.recover('one')).rejects.toMatchObject({ code: 'running' })
  await expect(recordings.delete('one')).rejects.toMatchObject({ code: 'running' })
  release()
  await recordings.delete('one')
  expect(await recordings.list()).toEqual([])
})

test('the newest comes first', async () => {
  const { store, recordings } = await crashed()
  await store.note('new', journalPath, writeJournal({ ...journal, startedAt: journal.startedAt + 1 }))
  expect((await recordings.list()).map(({ id }) => id)).toEqual(['new', 'one'])
})
