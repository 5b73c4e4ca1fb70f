import { type Journal, type JournalFile, journalPath, pathsOf, writeJournal } from '../storage/journal.ts'
import type { RecordingStore } from '../storage/store.ts'
import { isDiskFull, RecordingError } from '../types.ts'

/**
 * Finishes all files of a recording that are not yet. Each one that is done stays done, whatever happens to the next. Files in which
 * there is nothing to play go.
 * @returns The journal after that; its `files` are empty if nothing at all was recorded.
 * @throws {RecordingError} `disk-full`, `failed`; all that was recorded is still there.
 */
export async function finishAll(
  store: RecordingStore,
  id: string,
  journal: Journal,
  progress: (share: number) => void,
): Promise<Journal> {
  let now = journal
  const note = async (files: readonly JournalFile[], finished = false) => {
    now = { ...now, files: [...files], finished }
    await store.note(id, journalPath, writeJournal(now))
  }
  const left = journal.files.filter(({ durationMs }) => durationMs === undefined)
  for (const [index, file] of left.entries()) {
    const durationMs = await finishOne(store, id, file, share => progress((index + share) / left.length))
    const others = now.files.filter(({ number }) => number !== file.number)
    const files = durationMs === undefined ? others : [...others, { ...file, durationMs }]
    await note(files.sort((a, b) => a.number - b.number))
    await removeQuietly(store, id, pathsOf(file).part)
  }
  if (now.files.length > 0) await note(now.files, true)
  return now
}

/** Its duration in ms; undefined if there is nothing to play. */
async function finishOne(
  store: RecordingStore,
  id: string,
  file: JournalFile,
  progress: (share: number) => void,
): Promise<number | undefined> {
  const { part, whole } = pathsOf(file)
  try {
    return await store.finish(id, part, whole, progress)
  } catch (error) {
    await removeQuietly(store, id, whole)
    if (error instanceof RecordingError && error.code === 'unreadable') return undefined
    throw new RecordingError(isDiskFull(error) ? 'disk-full' : 'failed', { cause: error })
  }
}

async function removeQuietly(store: RecordingStore, id: string, path: string): Promise<void> {
  await store.remove(id, path).catch((error: unknown) => {
    // It takes space until the whole recording is deleted, and harms nothing.
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) console.warn(`${path} stays:`, error)
  })
}
