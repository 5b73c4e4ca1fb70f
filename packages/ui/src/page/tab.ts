import { load, save, sessionStorageOrUndefined } from './storage.ts'

const key = 'parley.tab'

/**
 * This tab's id, which survives a reload. A duplicated tab has a copy of the original's storage but not its lock, so it
 * makes an id of its own. Undefined without the Web Locks API (pages without HTTPS): then no session can be resumed.
 */
export async function tabId(): Promise<string | undefined> {
  const locks: LockManager | undefined = navigator.locks
  if (!locks) return undefined
  const known = load(key, sessionStorageOrUndefined())
  if (typeof known === 'string' && (await hold(locks, known))) return known
  const id = crypto.randomUUID()
  save(key, id, sessionStorageOrUndefined())
  await hold(locks, id)
  return id
}

/** Holds a lock until this page is left; false if another page has it. */
function hold(locks: LockManager, id: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const held = new Promise<void>(letGo => addEventListener('pagehide', () => letGo(), { once: true }))
    locks
      .request(`${key}.${id}`, { ifAvailable: true }, lock => {
        resolve(lock !== null)
        return lock ? held : undefined
      })
      .catch(reject)
  })
}
