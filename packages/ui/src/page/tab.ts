import { load, save, sessionStorageOrUndefined } from './storage.ts'

const key = 'parley.tab'

/**
 * What this tab is known by, the same after a reload. A tab that was duplicated has the storage of the other, but not its
 * lock, and makes an id of its own. Undefined where a browser has no locks (pages without HTTPS): then nothing is taken over.
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

/** Holds a lock for as long as this page is shown; false if another page has it. */
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
