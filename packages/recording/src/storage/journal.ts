import * as z from 'zod/mini'

const count = z.number().check(z.nonnegative())

const file = z.object({
  /** Unique in the recording, from 0. */
  number: count,
  kind: z.enum(['mp4', 'webm']),
  mimeType: z.string(),
  /** How long after the recording it begins, ms. */
  startMs: count,
  /** Whose track it is; absent: the whole meeting. */
  track: z.optional(z.object({ name: z.string(), source: z.enum(['camera', 'microphone', 'screen', 'screen-audio']) })),
  /** Set once it is finished. */
  durationMs: z.optional(count),
})
export type JournalFile = z.infer<typeof file>

const journal = z.object({
  version: z.literal(1),
  room: z.string(),
  mode: z.enum(['composed', 'tracks']),
  /** ms since 1970. */
  startedAt: count,
  /** As of the last entry. */
  elapsedMs: count,
  /** Whether all files are finished. */
  finished: z.boolean(),
  files: z.array(file),
})
/** What is known of a recording beside its files, so that they can be named and repaired after a crash. */
export type Journal = z.infer<typeof journal>

/** The file beside the recorded ones in which it stands. */
export const journalPath = 'journal.json'

/** One line: what is left of a longer one behind it does not count. */
export function writeJournal(entry: Journal): string {
  return `${JSON.stringify(entry)}\n`
}

/** Undefined if a crash of the whole device left nothing that can be read. */
export function readJournal(text: string): Journal | undefined {
  try {
    return journal.parse(JSON.parse(text.slice(0, text.indexOf('\n'))))
  } catch {
    return undefined // Then the files speak for themselves: see `journalOf`.
  }
}

/** Where a file is written while it is recorded, and where it stands once it is finished. */
export function pathsOf({ number, kind }: Pick<JournalFile, 'number' | 'kind'>) {
  return { part: `${number}.part.${kind}`, whole: `${number}.${kind}` }
}

/** A journal in place of one that cannot be read, from the names of the files that are there. */
export function journalOf(paths: readonly string[], startedAt: number): Journal {
  const files = paths.flatMap((path): JournalFile[] => {
    const [, number, kind] = /^(\d+)(?:\.part)?\.(mp4|webm)$/.exec(path) ?? []
    if (number === undefined || (kind !== 'mp4' && kind !== 'webm')) return []
    return [{ number: Number(number), kind, mimeType: `video/${kind}`, startMs: 0 }]
  })
  const byNumber = new Map(files.map(each => [each.number, each]))
  return {
    version: 1,
    room: '',
    mode: 'composed',
    startedAt,
    elapsedMs: 0,
    finished: false,
    files: [...byNumber.values()],
  }
}
