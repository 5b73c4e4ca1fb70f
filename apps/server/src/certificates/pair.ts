import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { systemCode } from '../failure.ts'
import { writeWhole } from '../whole-file.ts'

/** A certificate (chain) and its private key, both PEM. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

export interface PairFiles {
  readonly cert: string
  readonly key: string
}

/** The pair in these files; undefined when either is missing. @throws when they cannot be read */
export function readPair(files: PairFiles): Pair | undefined {
  try {
    return { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Writes the key first and each file in one step: a crash leaves the old pair, or one that does not match, but never half a file. */
export function writePair(files: PairFiles, pair: Pair): void {
  writeWhole(files.key, pair.key, 0o600)
  writeWhole(files.cert, pair.cert, 0o644)
}

/** The first certificate of the pair, if it parses and the key belongs to it; otherwise what is wrong. */
export function inspectPair(pair: Pair): { readonly leaf: X509Certificate } | { readonly problem: string } {
  let leaf: X509Certificate
  try {
    leaf = new X509Certificate(pair.cert)
  } catch {
    return { problem: 'the certificate is not PEM' }
  }
  try {
    return leaf.checkPrivateKey(createPrivateKey(pair.key)) ? { leaf } : { problem: 'the key is another certificate’s' }
  } catch {
    return { problem: 'the key is not PEM, or it is protected by a passphrase' }
  }
}

/** Milliseconds since 1970 at which a certificate ends. */
export function endOf(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo)
}
