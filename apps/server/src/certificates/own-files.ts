import { statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { Failure, messageOf } from '../failure.ts'
import type { Log } from '../log/log.ts'
import { endOf, inspectPair, type Pair, type PairFiles, readPair } from './pair.ts'
import type { CertificateSource } from './source.ts'

export interface OwnFilesOptions {
  readonly files: PairFiles
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Log
}

/**
 * The certificate that the owner of the server gave, read again when a file changes.
 * @throws Failure with exit code 2 when it cannot be served at the start
 */
export function openOwnFiles({ files, now, log }: OwnFilesOptions): CertificateSource {
  let seen = stateOf(files)
  let pair = loadFirst()

  function loadFirst(): Pair {
    try {
      return load()
    } catch (error) {
      throw new Failure(2, `--cert ${files.cert} with --key ${files.key} cannot be used: ${messageOf(error)}`)
    }
  }

  function load(): Pair {
    const read = readPair(files)
    if (!read) throw new Error('the file is missing')
    const found = inspectPair(read)
    if ('problem' in found) throw new Error(found.problem)
    createSecureContext(read)
    if (endOf(found.leaf) < now()) log.warn({ file: files.cert, ended: found.leaf.validTo }, 'certificate has expired')
    return read
  }

  return {
    get pair() {
      return pair
    },
    authority: undefined,
    async refresh() {
      const state = stateOf(files)
      if (state === seen) return false
      seen = state
      try {
        pair = load()
        log.info({ file: files.cert }, 'certificate reloaded')
        return true
      } catch (error) {
        log.error({ file: files.cert, err: error }, 'certificate not reloaded: the old one stays')
        return false
      }
    },
  }
}

/** Changes whenever one of the files does. */
function stateOf(files: PairFiles): string {
  return [files.cert, files.key]
    .map(file => statSync(file, { throwIfNoEntry: false }))
    .map(stat => (stat ? `${stat.mtimeMs}/${stat.size}/${stat.ino}` : 'missing'))
    .join(' ')
}
