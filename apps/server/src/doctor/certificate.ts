import { X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { endOf, inspectPair, readPair } from '../certificates/pair.ts'
import type { SubjectNames } from '../certificates/subject-names.ts'
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
  const asked = own ? publicNames(config) : names
  return [validity(found.leaf, now, renew), nameCheck(found.leaf, asked, own), keyCheck(files.key)]
}

const othersMayRead = 0o004

/** Whoever can read the key can pretend to be this server. A group may: that is how some systems share keys. */
function keyCheck(file: string): Finding {
  const check = 'certificate key'
  if (process.platform === 'win32' || (statSync(file).mode & othersMayRead) === 0)
    return good(check, 'not for everybody to read')
  return bad(
    check,
    `every user of this machine can read ${file}`,
    `chmod o-r ${file} — and if others have been on this machine, get a certificate with another key.`,
  )
}

/** Whether the clock can be right: certificates and credentials go by it. */
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

function nameCheck(leaf: X509Certificate, { dns, ip }: SubjectNames, own: boolean): Finding {
  if (own && dns.length + ip.length === 0) return unnamed(leaf)
  const missing = [
    ...dns.filter(name => leaf.checkHost(name) === undefined),
    ...ip.filter(address => leaf.checkIP(address) === undefined),
  ]
  if (missing.length === 0) return good('certificate names', leaf.subjectAltName ?? '')
  const remedy = own
    ? `Get a certificate with these names; this one is for ${leaf.subjectAltName ?? 'none'}.`
    : 'Start the server again: it makes another one.'
  return bad('certificate names', `it is not for ${missing.join(', ')}`, remedy)
}

/** A certificate of one's own, but no word of how people call this server: only the certificate itself says. */
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

/** A public name hides the addresses. */
function publicNames({ domain, publicIp }: Config): SubjectNames {
  return domain === undefined ? { dns: [], ip: publicIp } : { dns: [domain], ip: [] }
}
