// Keeps files, in a worker: what is received lies in the origin private file system (https://fs.spec.whatwg.org), and the records in
// IndexedDB. One lock a record says whose it is (https://w3c.github.io/web-locks).
import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval'
import { FileSinks } from './file-sinks.ts'
import { FileSources } from './file-sources.ts'
import type { FileRecord } from './file-store.ts'
import { StoreFailure } from './store-failure.ts'
import type { StoreAnswer, StoreCall, StoreCalls } from './store-messages.ts'

/** A transfer that nobody has come back for is given up, ms. */
const keptMs = 24 * 60 * 60 * 1000

const records: UseStore = createStore('parley-files', 'transfers')
const sinks = new FileSinks()
const sources = new FileSources()
/** Lets go of a record's lock. */
const held = new Map<string, () => void>()

const calls: StoreCalls = {
  async find(room) {
    await sweep()
    await findIn(room)
    return undefined
  },
  async keep(record) {
    // Asked for once; it is granted at once, as nobody else knows the key.
    if (!held.has(record.key)) await hold(record.key, async () => {})
    await set(record.key, record, records)
    return undefined
  },
  async forget(key) {
    await sinks.remove(key)
    await del(key, records)
    held.get(key)?.()
    held.delete(key)
    return undefined
  },
  openSink: key => sinks.open(key),
  write: (key, bytes) => sinks.write(key, new Uint8Array(bytes)),
  sinkHash: key => sinks.sha256(key),
  async clear(key) {
    await sinks.clear(key)
    return undefined
  },
  async closeSink(key) {
    await sinks.close(key)
    return undefined
  },
  openSource(source, content, offset) {
    sources.open(source, content, offset)
    return undefined
  },
  read: source => sources.read(source),
  sourceHash: source => sources.sha256(source),
  closeSource(source) {
    sources.close(source)
    return undefined
  },
  content: key => sinks.content(key),
}

async function findIn(room: string): Promise<void> {
  for (const [key, record] of await entries<string, FileRecord>(records)) {
    if (record.room !== room) continue
    let isFree = false
    await locks(key, { ifAvailable: true }, async lock => {
      isFree = lock !== null
    })
    const holding = hold(key, async () => {
      // The page that had it may have finished it.
      const found = await get<FileRecord>(key, records)
      if (found) postMessage({ found } satisfies StoreAnswer)
    })
    if (isFree) await holding
  }
}

/** Forgets what is too old, and what no record speaks of. */
async function sweep(): Promise<void> {
  const kept = new Set<string>()
  for (const [key, { at }] of await entries<string, FileRecord>(records)) {
    if (Date.now() - at < keptMs) kept.add(key)
    else await locks(key, { ifAvailable: true }, async lock => lock && calls.forget(key))
  }
  for (const key of await sinks.list()) {
    if (!kept.has(key)) await locks(key, { ifAvailable: true }, async lock => lock && sinks.remove(key))
  }
}

/** Waits for a record's lock, and keeps it until {@link held} lets go, or the page is gone. */
function hold(key: string, then: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting = locks(key, {}, async () => {
      await then()
      resolve()
      await new Promise<void>(release => held.set(key, release))
    })
    waiting.catch(reject)
  })
}

function locks(key: string, options: LockOptions, callback: (lock: Lock | null) => Promise<unknown>): Promise<unknown> {
  return navigator.locks.request(`parley-file-${key}`, options, callback)
}

/** One after another, so that what is written comes in order. */
let work: Promise<unknown> = Promise.resolve()

addEventListener('message', ({ data }: MessageEvent<StoreCall>) => {
  work = work.then(() => answer(data))
})

async function answer({ id, call, args }: StoreCall): Promise<void> {
  const post = (message: StoreAnswer, transfer: Transferable[] = []) => postMessage(message, { transfer })
  try {
    const run = calls[call] as (...args: unknown[]) => unknown
    const value = await run(...args)
    post({ id, value }, value instanceof ArrayBuffer ? [value] : [])
  } catch (error) {
    const { code, message } = StoreFailure.of(error)
    post({ id, code, message })
  }
}
