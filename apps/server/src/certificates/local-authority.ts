import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import type { Log } from '../log/log.ts'
import { otherNames, permittedFor, permittedNames, readPermitted } from './name-constraints.ts'
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
  /** Those that the owner asked for. If the authority may not sign for one of them, a new authority is made. */
  readonly asked: SubjectNames
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Log
}

/** The certificate authority of this install and the certificate it signs, kept in the data folder. */
export async function openLocalAuthority(options: LocalAuthorityOptions): Promise<CertificateSource> {
  const { names, now, log } = options
  const files = authorityFiles(options.dataDir)
  const kept = keptAuthority(options)
  const signer = kept && 'pair' in kept ? kept.pair : await createAuthority(options)
  const issuer = new X509Certificate(signer.cert)
  const permitted = readPermitted(issuer)
  const wanted = () => permittedNames(permitted, names())

  async function issue(): Promise<Pair> {
    const { issueLeaf } = await import('./issue.ts')
    const given = wanted()
    const pair = await issueLeaf(signer, given, now())
    writePair(files.leaf, pair)
    const without = otherNames(names(), given)
    log.info({ names: [...given.dns, ...given.ip], ...(without.length > 0 && { without }) }, 'certificate issued')
    return pair
  }

  const serves = (pair: Pair) => isGood(pair, issuer, wanted(), now())
  const leaf = readPair(files.leaf)
  let pair = leaf && serves(leaf) ? leaf : await issue()

  return {
    get pair() {
      return pair
    },
    authority: { ...describeAuthority(signer.cert), ...(kept && 'problem' in kept && { replaced: kept.problem }) },
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

/** The local authority in the data folder; makes none. */
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

/** The authority in the data folder, or why it can no longer be used; undefined if there is none. */
function keptAuthority(
  options: LocalAuthorityOptions,
): { readonly pair: Pair } | { readonly problem: string } | undefined {
  const files = authorityFiles(options.dataDir).authority
  const pair = readPair(files)
  if (!pair) return undefined
  const problem = problemOf(pair, options)
  if (problem === undefined) return { pair }
  options.log.warn({ file: files.cert, problem }, 'a new certificate authority is made: trust it anew on each device')
  return { problem }
}

function problemOf(pair: Pair, { asked, now }: LocalAuthorityOptions): string | undefined {
  const found = inspectPair(pair)
  if ('problem' in found) return found.problem
  if (endOf(found.leaf) - now() < renewBeforeMs) return 'it has expired or is about to'
  const missing = otherNames(asked, permittedNames(readPermitted(found.leaf), asked))
  return missing.length > 0 ? `it may not sign for ${missing.join(', ')}` : undefined
}

async function createAuthority({ dataDir, hostname, names, asked, now }: LocalAuthorityOptions): Promise<Pair> {
  const { makeAuthority } = await import('./issue.ts')
  const made = await makeAuthority(hostname, now(), permittedFor(names(), asked))
  writePair(authorityFiles(dataDir).authority, made)
  return made
}

function describeAuthority(pem: string): Authority {
  const certificate = new X509Certificate(pem)
  const { raw: der, fingerprint256: fingerprint } = certificate
  return { pem: certificate.toString(), der, fingerprint, permitted: readPermitted(certificate) }
}

/** Whether the pair is intact, signed by this issuer, for all these names, and good for 30 more days or as long as the issuer. */
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
