/** Reads a stored JSON value; undefined when there is none, it is not JSON, or storage is forbidden. */
export function load(key: string, storage = localStorageOrUndefined()): unknown {
  const text = storage?.getItem(key)
  if (text === null || text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Stores a JSON value; `undefined` removes it. False if the browser does not allow it; nothing is stored then. */
export function save(key: string, value: unknown, storage = localStorageOrUndefined()): boolean {
  if (!storage) return false
  try {
    if (value === undefined) storage.removeItem(key)
    else storage.setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** Storage of this browser, shared by all tabs; undefined where it is forbidden (private modes, sandboxed frames). */
function localStorageOrUndefined(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}

/** Storage of this tab, which survives a reload. */
export function sessionStorageOrUndefined(): Storage | undefined {
  try {
    return globalThis.sessionStorage
  } catch {
    return undefined
  }
}
