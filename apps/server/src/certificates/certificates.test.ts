import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FakeClock } from '@parley/testkit'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '../log/log.ts'
import { issueLeaf, makeAuthority } from './issue.ts'
import { openLocalAuthority, readLocalAuthority } from './local-authority.ts'
import { openOwnFiles } from './own-files.ts'
import { type Pair, writePair } from './pair.ts'
import { askedNames, type Machine, subjectNames } from './subject-names.ts'

const dayMs = 24 * 3600 * 1000

let clock: FakeClock
let dataDir: string
let machine: Machine
let logged: { level: string; msg: string; problem?: string }[]
let log: Log
beforeEach(() => {
  clock = new FakeClock(Date.now())
  dataDir = mkdtempSync(join(tmpdir(), 'parley-certificates-'))
  machine = { hostname: 'Studio', addresses: ['192.168.1.20', 'fd00::20'], publicIps: [], domain: undefined }
  logged = []
  const formatters = { level: (level: string) => ({ level }) }
  log = pino({ formatters }, { write: line => logged.push(JSON.parse(line)) })
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const open = () =>
  openLocalAuthority({
    dataDir,
    hostname: machine.hostname,
    names: () => subjectNames(machine),
    asked: askedNames(machine),
    now: () => clock.now(),
    log,
  })

const leafOf = (pair: Pair) => new X509Certificate(pair.cert)
const issuerOf = (pair: Pair) => new X509Certificate(pair.cert.slice(pair.cert.lastIndexOf('-----BEGIN')))
const daysOf = (certificate: X509Certificate) =>
  (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / dayMs

describe('the local authority', () => {
  it('makes an authority and a leaf for every name, as browsers ask for them', async () => {
    machine = { ...machine, hostname: 'Studio-2', publicIps: ['203.0.113.5'], domain: 'meet.example.com' }
    const { pair, authority } = await open()
    const leaf = leafOf(pair)
    const issuer = issuerOf(pair)
    expect(leaf.subjectAltName?.split(', ')).toEqual([
      'DNS:localhost',
      'DNS:studio-2',
      'DNS:studio-2.local',
      'DNS:meet.example.com',
      'IP Address:127.0.0.1',
      'IP Address:0:0:0:0:0:0:0:1',
      'IP Address:192.168.1.20',
      'IP Address:FD00:0:0:0:0:0:0:20',
      'IP Address:203.0.113.5',
    ])
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(leaf.ca).toBe(false)
    expect(daysOf(leaf)).toBeLessThanOrEqual(397)
    expect(leaf.verify(issuer.publicKey) && leaf.checkIssued(issuer)).toBe(true)
    expect(issuer.subject).toBe('CN=Parley local authority (Studio-2)')
    expect(issuer.ca).toBe(true)
    expect(issuer.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(daysOf(issuer)).toBe(3653)
    expect(issuer.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
    expect(authority?.fingerprint).toBe(issuer.fingerprint256)
    expect(new X509Certificate(Buffer.from(authority?.der ?? [])).raw).toEqual(issuer.raw)
    expect(readLocalAuthority(dataDir)?.fingerprint).toBe(issuer.fingerprint256)
  })

  it('satisfies OpenSSL: chain, purpose, name and address', async () => {
    await open()
    const verify = (...flags: string[]) =>
      execFileSync(
        'openssl',
        ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'authority.crt', ...flags, 'server.crt'],
        { cwd: dataDir, encoding: 'utf8', stdio: 'pipe' },
      )
    expect(verify('-verify_hostname', 'studio.local')).toContain('OK')
    expect(verify('-verify_ip', '192.168.1.20')).toContain('OK')
    expect(() => verify('-verify_hostname', 'elsewhere.example')).toThrow()
  })

  it('keeps keys from other people’s eyes and leaves no drafts behind', async () => {
    await open()
    const modes = readdirSync(dataDir).map(name => [name, (statSync(join(dataDir, name)).mode & 0o777).toString(8)])
    expect(Object.fromEntries(modes)).toEqual({
      'authority.crt': '644',
      'authority.key': '600',
      'server.crt': '644',
      'server.key': '600',
    })
  })

  it('serves the same certificate after a restart', async () => {
    const first = await open()
    const second = await open()
    expect(second.pair).toEqual(first.pair)
    expect(await second.refresh()).toBe(false)
  })

  it('issues another for a new address, while running and at the next start, from the same authority', async () => {
    const source = await open()
    const before = source.pair
    machine = { ...machine, addresses: ['10.0.0.7'] }
    expect(await source.refresh()).toBe(true)
    expect(leafOf(source.pair).checkIP('10.0.0.7')).toBe('10.0.0.7')
    expect(leafOf(source.pair).checkIP('192.168.1.20')).toBeUndefined()
    expect(issuerOf(source.pair).raw).toEqual(issuerOf(before).raw)
    expect(await source.refresh()).toBe(false)
    machine = { ...machine, addresses: ['10.0.0.8'] }
    expect(leafOf((await open()).pair).checkIP('10.0.0.8')).toBe('10.0.0.8')
  })

  it('keeps the certificate when an address has gone', async () => {
    const source = await open()
    machine = { ...machine, addresses: [] }
    expect(await source.refresh()).toBe(false)
  })

  it('issues another when fewer than 30 days remain', async () => {
    const source = await open()
    clock.advance(365 * dayMs)
    expect(await source.refresh()).toBe(false)
    clock.advance(2 * dayMs)
    expect(await source.refresh()).toBe(true)
    expect(await source.refresh()).toBe(false)
  })

  it('is made anew for a name that its owner asks for, and for no other; a name that it may not sign is left out', async () => {
    machine = { ...machine, hostname: 'pc-1.corp.example', addresses: ['198.51.100.7', '2001:db8:0:1::7'] }
    const first = await open()
    expect(first.authority?.replaced).toBeUndefined()
    machine = { ...machine, hostname: 'pc-2', addresses: ['10.1.2.3', '2001:db8:0:1::8', '2001:db8:0:2::9'] }
    const moved = await open()
    expect(moved.authority).toEqual(first.authority)
    expect(leafOf(moved.pair).subjectAltName).toBe(
      'DNS:localhost, DNS:pc-2.local, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:10.1.2.3, IP Address:2001:DB8:0:1:0:0:0:8',
    )
    expect(logged.at(-1)).toMatchObject({ msg: 'certificate issued', without: ['pc-2', '2001:db8:0:2::9'] })
    expect(await moved.refresh()).toBe(false)
    machine = { ...machine, domain: 'meet.example.com', publicIps: ['203.0.113.5'] }
    const asked = await open()
    const replaced = 'it may not sign for meet.example.com, 203.0.113.5'
    expect(asked.authority).toMatchObject({ replaced })
    expect(asked.authority?.fingerprint).not.toBe(first.authority?.fingerprint)
    expect(logged.find(record => record.level === 'warn')).toMatchObject({ problem: replaced })
    expect(leafOf(asked.pair).subjectAltName).toContain('DNS:meet.example.com')
    machine = { ...machine, domain: undefined, publicIps: [] }
    expect((await open()).authority?.fingerprint).toBe(asked.authority?.fingerprint)
  })

  it('of a version before, without limits, stays, and signs for what is asked', async () => {
    const old = await makeAuthority('Studio', clock.now())
    writePair({ cert: join(dataDir, 'authority.crt'), key: join(dataDir, 'authority.key') }, old)
    machine = { ...machine, domain: 'meet.example.com' }
    const { authority, pair } = await open()
    expect(authority?.fingerprint).toBe(new X509Certificate(old.cert).fingerprint256)
    expect(authority?.permitted).toBeUndefined()
    expect(leafOf(pair).checkHost('meet.example.com')).toBe('meet.example.com')
  })

  it('never lets a certificate outlast its authority, and makes a new authority before the old one ends', async () => {
    const first = await open()
    clock.advance(3600 * dayMs)
    const late = await open()
    expect(leafOf(late.pair).validTo).toBe(issuerOf(first.pair).validTo)
    clock.advance(40 * dayMs)
    expect(await late.refresh()).toBe(false)
    const next = await open()
    expect(next.authority?.fingerprint).not.toBe(first.authority?.fingerprint)
    expect(logged.at(-2)).toMatchObject({ level: 'warn', problem: 'it has expired or is about to' })
  })

  it.each([
    ['server.key', 'half a key'],
    ['server.crt', ''],
  ])('mends a broken %s with a new certificate', async (file, content) => {
    const before = await open()
    writeFileSync(join(dataDir, file), content)
    const after = await open()
    expect(after.authority).toEqual(before.authority)
    expect(leafOf(after.pair).verify(issuerOf(before.pair).publicKey)).toBe(true)
    expect(readFileSync(join(dataDir, file), 'utf8')).not.toBe(content)
  })

  it('says so when a broken authority has to be replaced', async () => {
    const before = await open()
    writeFileSync(join(dataDir, 'authority.key'), await makeAuthority('other', clock.now()).then(pair => pair.key))
    const after = await open()
    expect(after.authority?.fingerprint).not.toBe(before.authority?.fingerprint)
    expect(leafOf(after.pair).verify(issuerOf(after.pair).publicKey)).toBe(true)
    expect(logged.find(record => record.level === 'warn')).toMatchObject({
      problem: 'the key is another certificate’s',
    })
  })

  it('keeps the old certificate when a new one cannot be written', async () => {
    const source = await open()
    const before = source.pair
    rmSync(dataDir, { recursive: true })
    writeFileSync(dataDir, 'in the way')
    machine = { ...machine, addresses: ['10.0.0.7'] }
    expect(await source.refresh()).toBe(false)
    expect(source.pair).toBe(before)
    expect(logged.at(-1)).toMatchObject({ level: 'error' })
  })
})

describe('certificate files of one’s own', () => {
  let files: { cert: string; key: string }
  let authority: Pair
  beforeEach(async () => {
    files = { cert: join(dataDir, 'own.crt'), key: join(dataDir, 'own.key') }
    authority = await makeAuthority('test', clock.now())
    await give('a.example.com')
  })

  async function give(name: string): Promise<void> {
    writePair(files, await issueLeaf(authority, { dns: [name], ip: [] }, clock.now()))
  }

  const openFiles = () => openOwnFiles({ files, now: () => clock.now(), log })

  it('are served, and read again when they change', async () => {
    const source = openFiles()
    expect(source.authority).toBeUndefined()
    expect(await source.refresh()).toBe(false)
    await give('b.example.com')
    expect(await source.refresh()).toBe(true)
    expect(leafOf(source.pair).checkHost('b.example.com')).toBe('b.example.com')
    expect(await source.refresh()).toBe(false)
  })

  it('that break while running leave the old pair in service, and say it once', async () => {
    const source = openFiles()
    const before = source.pair
    writeFileSync(files.key, (await issueLeaf(authority, { dns: ['x'], ip: [] }, clock.now())).key)
    expect(await source.refresh()).toBe(false)
    expect(await source.refresh()).toBe(false)
    rmSync(files.cert)
    expect(await source.refresh()).toBe(false)
    expect(source.pair).toBe(before)
    expect(logged.map(record => record.level)).toEqual(['error', 'error'])
    await give('c.example.com')
    expect(await source.refresh()).toBe(true)
  })

  it.each<[string, (files: { cert: string; key: string }) => void, RegExp]>([
    ['a certificate that is not PEM', ({ cert }) => writeFileSync(cert, 'x'), /the certificate is not PEM/],
    ['a key that is not PEM', ({ key }) => writeFileSync(key, 'x'), /the key is not PEM/],
    [
      'files in the wrong order',
      ({ cert, key }) => writeFileSync(cert, readFileSync(key)),
      /the certificate is not PEM/,
    ],
    ['a missing file', ({ key }) => rmSync(key), /missing/],
  ])('refuse %s at the start', (_, spoil, words) => {
    spoil(files)
    expect(openFiles).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringMatching(words) }))
  })

  it('that have expired are served all the same, with a warning', () => {
    clock.advance(400 * dayMs)
    openFiles()
    expect(logged.at(-1)).toMatchObject({ level: 'warn', msg: 'certificate has expired' })
  })
})

describe('what this machine is called', () => {
  it('leaves out what cannot be a name', () => {
    expect(subjectNames({ ...machine, hostname: 'my_pc' }).dns).toEqual(['localhost'])
    expect(subjectNames({ ...machine, hostname: '' }).dns).toEqual(['localhost'])
    expect(subjectNames({ ...machine, publicIps: ['fe80::1%eth0'] }).ip).not.toContain('fe80::1%eth0')
    expect(subjectNames({ ...machine, hostname: 'mac.local' }).dns).toEqual(['localhost', 'mac.local'])
    expect(subjectNames({ ...machine, hostname: 'pc.corp.example' }).dns).toEqual([
      'localhost',
      'pc.corp.example',
      'pc.local',
    ])
  })

  it.each([
    ['studio', ['localhost', 'studio.local']],
    ['DEV', ['localhost', 'dev.local']],
    ['xn--p1ai', ['localhost', 'xn--p1ai.local']],
    ['desktop-4f7', ['localhost', 'desktop-4f7', 'desktop-4f7.local']],
    ['6b1f0c', ['localhost', '6b1f0c', '6b1f0c.local']],
  ])('leaves out %s where all of a top-level domain would come with it', (hostname, dns) => {
    expect(subjectNames({ ...machine, hostname }).dns).toEqual(dns)
  })
})
