import { timingSafeEqual } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { systemCode } from '../failure.ts'
import { formerKey, keyFolder, loadTokenKey, secretIn, tokenKeyFile } from './key.ts'

/** The keys that tokens may be signed with. */
export interface KeyRing {
  /** The installation's own: signs what the server makes itself. */
  readonly own: Uint8Array
  /** The `kid` of tokens that are signed with `own`; the installation's own key has none. */
  readonly ownKid?: string
  /**
   * The keys that a token with this `kid` may be signed with. Without a `kid`: the own key, and its predecessor while that is
   * kept. Empty: there is no such key, or it was removed.
   */
  candidates(kid: string | undefined): readonly Uint8Array[]
}

/** One key, with or without a name, and no other. */
export function singleKey(key: Uint8Array, name?: string): KeyRing {
  return { own: key, ...(name !== undefined && { ownKid: name }), candidates: kid => (kid === name ? [key] : []) }
}

/** Whether a signature by this key would still be accepted. */
export function stillHas(ring: KeyRing, kid: string | undefined, key: Uint8Array): boolean {
  return ring.candidates(kid).some(other => other.length === key.length && timingSafeEqual(other, key))
}

/**
 * The keys in the data folder: `token.key`, and `keys/<kid>.key` for each application that signs with a key of its own. The files are
 * checked whenever a key is needed and read again if they have changed: keys can be added and removed while the server runs.
 */
export function openKeyRing(dataDir: string): KeyRing {
  const ownFile = tokenKeyFile(dataDir)
  const folder = keyFolder(dataDir)
  let own = loadTokenKey(dataDir)
  let others = readKeys(folder)
  let seen = stateOf(ownFile, folder)

  function look(): void {
    const state = stateOf(ownFile, folder)
    if (state === seen) return
    own = loadTokenKey(dataDir)
    others = readKeys(folder)
    seen = state
  }

  return {
    get own() {
      look()
      return own
    },
    candidates(kid) {
      look()
      const found = others.get(kid ?? formerKey)
      const known = found === undefined ? [] : [found]
      return kid === undefined ? [own, ...known] : known
    },
  }
}

function readKeys(folder: string): ReadonlyMap<string, Uint8Array> {
  const files = filesIn(folder).filter(file => file.endsWith('.key'))
  return new Map(files.map(file => [basename(file, '.key'), secretIn(join(folder, file))]))
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Changes when a key comes, goes or is replaced: keys are written under another name and renamed. */
function stateOf(...paths: string[]): string {
  return paths
    .map(path => statSync(path, { throwIfNoEntry: false }))
    .map(stat => (stat ? `${stat.mtimeMs}/${stat.ino}` : 'missing'))
    .join(' ')
}

/** The keys beside the own one, and since when they exist. */
export function keysIn(dataDir: string): readonly { readonly kid: string; readonly since: Date }[] {
  const folder = keyFolder(dataDir)
  return filesIn(folder)
    .filter(file => file.endsWith('.key'))
    .map(file => ({ kid: basename(file, '.key'), since: statSync(join(folder, file)).mtime }))
}
