import { extname } from 'node:path'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** Node 20 cannot load TypeScript in a worker, so a worker that runs from sources registers tsx first. */
const fromSources = `
const { tsx, entry } = require('node:worker_threads').workerData.launch
import(tsx)
  .then(({ register }) => { register(); return import(entry) })
  .catch(error => setImmediate(() => { throw error }))
`

/**
 * The module `name` in the folder of the one whose `import.meta.url` is given, with its extension: `.ts` when running from
 * sources, `.js` when bundled.
 */
export function workerEntry(importMetaUrl: string, name: string): URL {
  return new URL(`./${name}${extname(new URL(importMetaUrl).pathname)}`, importMetaUrl)
}

/** Starts a worker from a module in TypeScript or JavaScript, which finds `setup` in `workerData.setup`. */
export function launch(entry: URL, setup: unknown, options: Omit<WorkerOptions, 'workerData' | 'eval'>): Worker {
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry, { ...options, workerData: { setup } })
  const tsx = import.meta.resolve('tsx/esm/api')
  return new Worker(fromSources, { ...options, eval: true, workerData: { setup, launch: { tsx, entry: entry.href } } })
}
