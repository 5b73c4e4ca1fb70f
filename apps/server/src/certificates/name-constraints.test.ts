import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkServerIdentity, connect, createServer, type Server, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueLeaf, makeAuthority } from './issue.ts'
import { encodePermitted, permittedFor, permittedNames, readPermitted } from './name-constraints.ts'
import type { Pair } from './pair.ts'
import { askedNames, type Machine, subjectNames } from './subject-names.ts'

const machine: Machine = {
  hostname: 'Studio-2',
  addresses: ['192.168.1.20', '198.51.100.9', '2001:db8:0:7:1:2:3:4'],
  publicIps: ['203.0.113.5', '2001:db8:1::5'],
  domain: 'meet.example.com',
}
const now = Date.now()
const permitted = permittedFor(subjectNames(machine), askedNames(machine))

const within: readonly string[] = [
  'localhost',
  'studio-2',
  'studio-2.local',
  'renamed.local',
  'meet.example.com',
  '127.0.0.1',
  '::1',
  '192.168.77.3',
  '10.200.0.1',
  '172.31.255.1',
  '100.101.102.103',
  'fd00::1',
  '203.0.113.5',
  '2001:db8:1::5',
  '198.51.100.9',
  '2001:db8:0:7::99',
]
const beyond: readonly string[] = [
  'google.com',
  'example.com',
  'xmeet.example.com',
  'local.example',
  'com',
  '8.8.8.8',
  '203.0.113.6',
  '198.51.100.8',
  '172.32.0.1',
  '192.169.0.1',
  '100.128.0.1',
  '11.0.0.1',
  '2001:4860:4860::8888',
  '2001:db8:1::6',
  '2001:db8:0:8::1',
  '::ffff:8.8.8.8',
]

const namesOf = (name: string) => (/[:]|^[\d.]+$/.test(name) ? { dns: [], ip: [name] } : { dns: [name], ip: [] })

let folder: string
let authority: Pair
let server: Server
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-constraints-'))
  authority = await makeAuthority('Studio-2', now, permitted)
  writeFileSync(join(folder, 'authority.crt'), authority.cert)
  server = createServer(socket => socket.end())
  server.on('tlsClientError', (_, socket) => socket.destroy()) // the client says why
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

/** How a client that trusts the authority judges a leaf for `name` that was signed with the authority's key. */
async function tlsSays(leaf: Pair, name: string): Promise<string> {
  server.setSecureContext(leaf)
  const { port } = server.address() as AddressInfo
  const socket: TLSSocket = connect({
    port,
    host: '127.0.0.1',
    ca: authority.cert,
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  })
  return new Promise<string>(resolve => {
    socket.once('secureConnect', () => resolve('trusted'))
    socket.once('error', error => resolve(error.message))
  }).finally(() => socket.destroy())
}

function opensslSays(leaf: Pair): string {
  const [certificate = ''] = leaf.cert.split(/(?<=-----END CERTIFICATE-----\n)/)
  writeFileSync(join(folder, 'leaf.crt'), certificate)
  const flags = ['-x509_strict', '-purpose', 'sslserver', '-CAfile', 'authority.crt', 'leaf.crt']
  try {
    return execFileSync('openssl', ['verify', ...flags], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

describe('whoever has the key of the authority', () => {
  it.each(within)('can sign for %s, which it is for', async name => {
    const leaf = await issueLeaf(authority, namesOf(name), now)
    expect(await tlsSays(leaf, name)).toBe('trusted')
    expect(opensslSays(leaf)).toContain('leaf.crt: OK')
  })

  it.each(beyond)('is believed by nobody for %s', async name => {
    const leaf = await issueLeaf(authority, namesOf(name), now)
    expect(await tlsSays(leaf, name)).toContain('permitted subtree violation')
    expect(opensslSays(leaf)).toContain('permitted subtree violation')
  })

  it('is believed by nobody when such a name stands among others', async () => {
    const leaf = await issueLeaf(authority, { dns: ['localhost', 'google.com'], ip: ['127.0.0.1'] }, now)
    expect(await tlsSays(leaf, 'localhost')).toContain('permitted subtree violation')
  })
})

describe('name constraints', () => {
  it('judge as OpenSSL does, and are read as they were written', () => {
    const read = readPermitted(new X509Certificate(authority.cert))
    expect(read).toEqual(permitted)
    for (const name of within) expect(permittedNames(read, namesOf(name)), name).toEqual(namesOf(name))
    for (const name of beyond) expect(permittedNames(read, namesOf(name)), name).toEqual({ dns: [], ip: [] })
  })

  it('are as short as can be on a machine that is not on the internet', () => {
    const { dns, ip } = permittedFor(
      subjectNames({ hostname: 'pc', addresses: ['10.0.0.5'], publicIps: [], domain: undefined }),
      {
        dns: [],
        ip: [],
      },
    )
    expect(dns).toEqual(['localhost', 'local'])
    expect(ip.map(String)).toEqual([
      '127.0.0.0/8',
      '::1/128',
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10',
      'fc00::/7',
    ])
  })

  it('have the bytes of RFC 5280, long lengths included', () => {
    const hex = (dns: readonly string[]) => Buffer.from(encodePermitted({ dns, ip: [] })).toString('hex')
    expect(hex(['local'])).toBe('300ba009300782056c6f63616c')
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}`
    expect(hex([long, long])).toMatch(/^308201f6a08201f23081f68281f3(61)+/)
  })

  it('are none where an authority has none', async () => {
    const unlimited = await makeAuthority('old', now)
    expect(readPermitted(new X509Certificate(unlimited.cert))).toBeUndefined()
    expect(permittedNames(undefined, namesOf('google.com'))).toEqual(namesOf('google.com'))
  })
})
