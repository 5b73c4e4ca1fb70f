import { expect, test } from 'vitest'
import { type Journal, journalOf, pathsOf, readJournal, writeJournal } from './journal.ts'

const journal: Journal = {
  version: 1,
  room: 'tea',
  mode: 'tracks',
  startedAt: 1_700_000_000_000,
  elapsedMs: 5000,
  finished: false,
  files: [
    { number: 0, kind: 'mp4', mimeType: 'video/mp4', startMs: 0 },
    { number: 1, kind: 'webm', mimeType: 'audio/webm', startMs: 12, track: { name: 'Ann\n', source: 'microphone' } },
  ],
}

test('what is written is read again', () => {
  expect(readJournal(writeJournal(journal))).toEqual(journal)
})

test('a shorter journal that was written over a longer one counts alone', () => {
  const short = writeJournal({ ...journal, files: [] })
  const over = short + writeJournal(journal).slice(short.length)
  expect(readJournal(over)).toEqual({ ...journal, files: [] })
})

test.each(['', '{', '{}\n', 'null\n', '{"version":2}\n', writeJournal(journal).slice(0, -5), '\u0000\u0000\n'])(
  'what cannot be read is undefined: %j',
  text => expect(readJournal(text)).toBeUndefined(),
)

test('without a journal, the files that are there are known by their names, each once', () => {
  const paths = ['0.part.mp4', '0.mp4', '1.part.webm', 'journal.json', 'x.mp4', '../2.mp4']
  expect(journalOf(paths, 7)).toMatchObject({
    startedAt: 7,
    finished: false,
    files: [
      { number: 0, kind: 'mp4' },
      { number: 1, kind: 'webm' },
    ],
  })
  expect(pathsOf({ number: 3, kind: 'webm' })).toEqual({ part: '3.part.webm', whole: '3.webm' })
})
