import { X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { readLocalAuthority } from '../certificates/local-authority.ts'
import { otherNames, permittedNames } from '../certificates/name-constraints.ts'
import { endOf, inspectPair, readPair } from '../certificates/pair.ts'
import type { Authority } from '../certificates/source.ts'
import { askedNames, type SubjectNames } from '../certificates/subject-names.ts'
import type { Config } from '../config/options.ts'
import { bad, type Finding, good, note } from '../troubles/finding.ts'

const dayMs = 24 * 3600 * 1000
const soonMs = 14 * dayMs

/** Whether the certificate on disk is valid now and for the names by which people come. `now` is in ms since 1970. */
export function checkCertificate(config: Config, names: SubjectNames, now: number): Finding[] {
  const own = config.cert !== undefined && config.key !== undefined
  const files = {
    cert: config.cert ?? join(config.dataDir, 'server.crt'),
    key: config.key ?? join(config.dataDir, 'server.key'),
  }
  const renew = own ? `Renew ${files.cert}; it is read again when the file changes.` : 'Start the server: it makes one.'
  const pair = readPair(files)
  if (!pair) return [bad('certificate', `${files.cert} or its key is missing`, renew)]
  const found = inspectPair(pair)
  if ('problem' in found) return [bad('certificate', found.problem, renew)]
  const valid = validity(found.leaf, now, renew)
  if (own) return [valid, ownNameCheck(found.leaf, publicNames(config)), keyCheck(files.key)]
  const authority = readLocalAuthority(config.dataDir)
  return [
    valid,
    nameCheck(found.leaf, names, askedNames({ domain: config.domain, publicIps: config.publicIp }), authority),
    keyCheck(files.key, ...(authority ? [join(config.dataDir, 'authority.key')] : [])),
    ...(authority ? [limitCheck(authority, config.dataDir)] : []),
  ]
}

const othersMayRead = 0o004

/** Whoever can read the key can pretend to be this server. A group may read it: that is how some systems share keys. */
function keyCheck(...files: readonly string[]): Finding {
  const check = 'certificate key'
  const file = files.find(file => process.platform !== 'win32' && (statSync(file).mode & othersMayRead) !== 0)
  if (file === undefined) return good(check, 'not for everybody to read')
  return bad(
    check,
    `every user of this machine can read ${file}`,
    `chmod o-r ${file} — and if others have been on this machine, get a certificate with another key.`,
  )
}

/** Whether the clock may be right: certificates and credentials depend on it. */
export function checkClock(config: Config, now: number, serverMs: number | undefined): Finding {
  const remedy = 'Set the clock, and keep it set with NTP (timedatectl set-ntp true).'
  const made = readPair({ cert: join(config.dataDir, 'authority.crt'), key: join(config.dataDir, 'authority.key') })
  const since = made ? Date.parse(new X509Certificate(made.cert).validFrom) : Date.UTC(2026, 0, 1)
  if (now < since) return bad('clock', `it is ${new Date(now).toISOString()} here, before this installation`, remedy)
  if (serverMs !== undefined && Math.abs(serverMs - now) > 5_000) {
    return bad('clock', `the server’s is ${Math.round(Math.abs(serverMs - now) / 1000)} s off this one`, remedy)
  }
  return good('clock', new Date(now).toISOString())
}

function validity(leaf: X509Certificate, now: number, renew: string): Finding {
  const check = 'certificate validity'
  const end = endOf(leaf)
  if (Date.parse(leaf.validFrom) > now) return bad(check, `not before ${leaf.validFrom}`, 'Is the clock right?')
  if (end < now) return bad(check, `it ended ${leaf.validTo}`, renew)
  if (end - now < soonMs) return note(check, `it ends ${leaf.validTo}`, renew)
  return good(check, `until ${leaf.validTo}`)
}

/** A name that the machine acquired later, and that its authority may not sign for, is no fault: people use the others. */
function nameCheck(leaf: X509Certificate, names: SubjectNames, asked: SubjectNames, authority?: Authority): Finding {
  const beyond = otherNames(otherThan(names, asked), permittedNames(authority?.permitted, names))
  const missing = missingNames(leaf, names).filter(name => !beyond.includes(name))
  if (missing.length > 0) return misnamed(missing, 'Start the server again: it makes another one.')
  const without = beyond.length > 0 ? `; its authority was not made for ${beyond.join(', ')}` : ''
  return good('certificate names', `${leaf.subjectAltName ?? ''}${without}`)
}

function otherThan({ dns, ip }: SubjectNames, asked: SubjectNames): SubjectNames {
  return { dns: dns.filter(name => !asked.dns.includes(name)), ip: ip.filter(address => !asked.ip.includes(address)) }
}

function ownNameCheck(leaf: X509Certificate, names: SubjectNames): Finding {
  if (names.dns.length + names.ip.length === 0) return unnamed(leaf)
  const missing = missingNames(leaf, names)
  const is = leaf.subjectAltName ?? 'none'
  if (missing.length > 0) return misnamed(missing, `Get a certificate with these names; this one is for ${is}.`)
  return good('certificate names', leaf.subjectAltName ?? '')
}

function missingNames(leaf: X509Certificate, { dns, ip }: SubjectNames): string[] {
  return [
    ...dns.filter(name => leaf.checkHost(name) === undefined),
    ...ip.filter(address => leaf.checkIP(address) === undefined),
  ]
}

function misnamed(missing: readonly string[], remedy: string): Finding {
  return bad('certificate names', `it is not for ${missing.join(', ')}`, remedy)
}

/** Authorities of earlier versions had no limits. Devices trust such a one, so it stays until its owner wants another. */
function limitCheck({ permitted }: Authority, dataDir: string): Finding {
  const check = 'certificate authority'
  if (permitted) return good(check, `it may sign for ${[...permitted.dns, ...permitted.ip].join(', ')} alone`)
  return note(
    check,
    'it may sign for every site: who steals its key can pose as any to the devices that trust it',
    `Delete authority.crt and authority.key in ${dataDir} and start again: the next one is for this server alone. Trust that on each device, and remove the old one there.`,
  )
}

/** The owner brought a certificate but did not say by which name people reach this server: only the certificate tells. */
function unnamed(leaf: X509Certificate): Finding {
  const check = 'certificate names'
  const names = leaf.subjectAltName ?? 'no name at all'
  const [, name = '<its name>'] = /DNS:([^,]+)/.exec(names) ?? []
  return note(
    check,
    `it is for ${names}; the links on the start screen are others, and browsers will warn there`,
    `Say how people call this server: --domain ${name}`,
  )
}

/** What people use: with a public name nobody is told the addresses. */
function publicNames({ domain, publicIp }: Config): SubjectNames {
  return domain === undefined ? { dns: [], ip: publicIp } : { dns: [domain], ip: [] }
}
