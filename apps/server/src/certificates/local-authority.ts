import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import type { Log } from '../log/log.ts'
import { endOf, inspectPair, type Pair, readPair, writePair } from './pair.ts'
import type { Authority, CertificateSource } from './source.ts'
import type { SubjectNames } from './subject-names.ts'

const dayMs = 24 * 3600 * 1000
const renewBeforeMs = 30 * dayMs

export interface LocalAuthorityOptions {
  readonly dataDir: string
  readonly hostname: string
  /** What the certificate has to be for, as of now. */
  readonly names: () => SubjectNames
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Log
}

/** The certificate authority of this install and the certificate it signs, kept in the data folder. */
export async function openLocalAuthority(options: LocalAuthorityOptions): Promise<CertificateSource> {
  const { names, now, log } = options
  const files = authorityFiles(options.dataDir)
  const signer = (await readAuthority(options)) ?? (await createAuthority(options))
  const issuer = new X509Certificate(signer.cert)

  async function issue(): Promise<Pair> {
    const { issueLeaf } = await import('./issue.ts')
    const wanted = names()
    const pair = await issueLeaf(signer, wanted, now())
    writePair(files.leaf, pair)
    log.info({ names: [...wanted.dns, ...wanted.ip] }, 'certificate issued')
    return pair
  }

  const serves = (pair: Pair) => isGood(pair, issuer, names(), now())
  const kept = readPair(files.leaf)
  let pair = kept && serves(kept) ? kept : await issue()

  return {
    get pair() {
      return pair
    },
    authority: describeAuthority(signer.cert),
    async refresh() {
      if (serves(pair)) return false
      try {
        pair = await issue()
        return true
      } catch (error) {
        log.error({ err: error }, 'certificate not renewed: the old one stays')
        return false
      }
    },
  }
}

/** The local authority as it lies in the data folder, without making one. */
export function readLocalAuthority(dataDir: string): Authority | undefined {
  const kept = readPair(authorityFiles(dataDir).authority)
  return kept && describeAuthority(kept.cert)
}

function authorityFiles(dataDir: string) {
  return {
    authority: { cert: join(dataDir, 'authority.crt'), key: join(dataDir, 'authority.key') },
    leaf: { cert: join(dataDir, 'server.crt'), key: join(dataDir, 'server.key') },
  }
}

async function readAuthority({ dataDir, now, log }: LocalAuthorityOptions): Promise<Pair | undefined> {
  const files = authorityFiles(dataDir).authority
  const kept = readPair(files)
  if (!kept) return undefined
  const found = inspectPair(kept)
  const problem =
    'problem' in found
      ? found.problem
      : endOf(found.leaf) - now() < renewBeforeMs
        ? 'it has expired or is about to'
        : undefined
  if (problem === undefined) return kept
  log.warn({ file: files.cert, problem }, 'a new certificate authority is made: trust it anew on each device')
  return undefined
}

async function createAuthority({ dataDir, hostname, now }: LocalAuthorityOptions): Promise<Pair> {
  const { makeAuthority } = await import('./issue.ts')
  const made = await makeAuthority(hostname, now())
  writePair(authorityFiles(dataDir).authority, made)
  return made
}

function describeAuthority(pem: string): Authority {
  const certificate = new X509Certificate(pem)
  return { pem: certificate.toString(), der: certificate.raw, fingerprint: certificate.fingerprint256 }
}

/** Whether the pair is whole, from this issuer, for all these names, and for more than 30 days or as long as can be. */
function isGood(pair: Pair, issuer: X509Certificate, names: SubjectNames, now: number): boolean {
  const found = inspectPair(pair)
  if ('problem' in found) return false
  const { leaf } = found
  return (
    (endOf(leaf) - now > renewBeforeMs || endOf(leaf) === endOf(issuer)) &&
    leaf.checkIssued(issuer) &&
    leaf.verify(issuer.publicKey) &&
    names.dns.every(name => leaf.checkHost(name, { wildcards: false }) !== undefined) &&
    names.ip.every(address => leaf.checkIP(address) !== undefined)
  )
}
