import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { openHandles } from '@parley/ffi'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeDtlsCertificate } from './certificate.ts'
import { DtlsContext } from './context.ts'
import { profiles } from './profiles.ts'
import { Edge } from './testing/edge.ts'
import type { DtlsFailure, Fingerprint, SrtpKeys } from './types.ts'

const installed = spawnSync('openssl', ['version']).status === 0
const why = 'the openssl command is not installed (apt-get install openssl)'

/** A run of the command, whose output is collected. */
class Command {
  output = ''
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>
  #waiting: { pattern: RegExp; found: (match: RegExpExecArray) => void } | undefined

  constructor(...args: string[]) {
    this.#process = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] })
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString()
      const match = this.#waiting?.pattern.exec(this.output)
      if (match) this.#waiting?.found(match)
    }
    this.#process.stdout.on('data', collect)
    this.#process.stderr.on('data', collect)
    this.#process.stdin.on('error', () => {})
  }

  /** Waits until the output matches. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    const match = pattern.exec(this.output)
    if (match) return Promise.resolve(match)
    return new Promise(found => {
      this.#waiting = { pattern, found }
    })
  }

  type(text: string): void {
    this.#process.stdin.write(text)
  }

  close(): void {
    this.#process.kill('SIGKILL')
  }
}

describe('the openssl command', () => {
  if (!installed) {
    test(`is not to be had: ${why}`, context => context.skip(why))
    return
  }

  const open: { close(): void }[] = []
  let folder: string
  let context: DtlsContext
  let theirs: Fingerprint
  let identity: string[]
  const resting = openHandles()

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-dtls-'))
    context = new DtlsContext(makeDtlsCertificate())
    const { certificate, privateKey } = makeDtlsCertificate()
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    writeFileSync(cert, pem('CERTIFICATE', certificate))
    writeFileSync(key, pem('PRIVATE KEY', privateKey))
    identity = ['-cert', cert, '-key', key]
    theirs = { algorithm: 'sha-256', value: new X509Certificate(certificate).fingerprint256 }
  })

  afterEach(() => {
    for (const closable of open.splice(0)) closable.close()
    expect(openHandles()).toBe(resting + 1)
  })

  afterAll(() => {
    context.close()
    rmSync(folder, { recursive: true })
    expect(openHandles()).toBe(resting)
  })

  const keep = <T extends { close(): void }>(closable: T): T => {
    open.push(closable)
    return closable
  }

  const exported = (bytes: number) => ['-keymatexport', 'EXTRACTOR-dtls_srtp', '-keymatexportlen', `${bytes}`]
  const material = async (command: Command) => (await command.says(/Keying material: ([0-9A-F]{112,})\n/))[1]

  test.each(['AEAD_AES_128_GCM', 'AEAD_AES_256_GCM', 'AES_CM_128_HMAC_SHA1_80'] as const)(
    's_client connects with %s, exports the same keys, and is heard',
    async profile => {
      const edge = keep(await Edge.open(context, { role: 'server', fingerprints: [theirs] }))
      const { openssl, keyBytes, saltBytes } = profiles[profile]
      const srtp = ['-use_srtp', openssl, ...exported(2 * (keyBytes + saltBytes))]
      const to = ['-connect', `127.0.0.1:${edge.port}`]
      const client = keep(new Command('s_client', '-dtls1_2', ...to, ...identity, ...srtp))
      const keys = connected(await edge.outcome)
      expect(keys.profile).toBe(profile)
      const order = [keys.remoteKey, keys.localKey, keys.remoteSalt, keys.localSalt]
      expect(await material(client)).toBe(Buffer.concat(order).toString('hex').toUpperCase())
      client.type('hello\n')
      expect(await edge.data).toBe('hello\n')
      client.type('Q\n')
      await edge.closed
    },
  )

  test('s_server is connected to, and exports the same keys', async () => {
    const srtp = ['-use_srtp', 'SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80', ...exported(56)]
    const args = ['s_server', '-dtls1_2', '-accept', '127.0.0.1:0', '-Verify', '1', ...identity, ...srtp]
    const server = keep(new Command(...args))
    const [, port] = await server.says(/ACCEPT 127\.0\.0\.1:(\d+)/)
    const edge = keep(await Edge.open(context, { role: 'client', fingerprints: [theirs] }))
    edge.start(Number(port))
    const keys = connected(await edge.outcome)
    const order = [keys.localKey, keys.remoteKey, keys.localSalt, keys.remoteSalt]
    expect(await material(server)).toBe(Buffer.concat(order).toString('hex').toUpperCase())
  })

  test.each([
    ['without a certificate', 'no-certificate', (): string[] => []],
    ['with another certificate', 'fingerprint', () => identity],
  ] as const)('a client %s is refused', async (_what, reason, own) => {
    const other: Fingerprint = { algorithm: 'sha-256', value: context.fingerprint.value }
    const edge = keep(await Edge.open(context, { role: 'server', fingerprints: [other] }))
    const to = ['-connect', `127.0.0.1:${edge.port}`, '-use_srtp', 'SRTP_AEAD_AES_128_GCM']
    keep(new Command('s_client', '-dtls1_2', ...to, ...own()))
    expect(await edge.outcome).toMatchObject({ reason })
    expect(edge.endpoint.state).toBe('failed')
  })

  test('a client that offers no SRTP is refused', async () => {
    const edge = keep(await Edge.open(context, { role: 'server', fingerprints: [theirs] }))
    keep(new Command('s_client', '-dtls1_2', '-connect', `127.0.0.1:${edge.port}`, ...identity))
    expect(await edge.outcome).toMatchObject({ reason: 'no-profile' })
  })

  test('a client that knows nothing newer than DTLS 1.0 is refused', async () => {
    const edge = keep(await Edge.open(context, { role: 'server', fingerprints: [theirs] }))
    const to = ['-connect', `127.0.0.1:${edge.port}`, '-use_srtp', 'SRTP_AEAD_AES_128_GCM']
    keep(new Command('s_client', '-dtls1', '-cipher', 'DEFAULT:@SECLEVEL=0', ...to, ...identity))
    expect(await edge.outcome).toMatchObject({ reason: 'protocol', detail: expect.stringContaining('protocol') })
  })

  test('our certificate is one that it can read', () => {
    const { certificate } = makeDtlsCertificate(Date.UTC(2030, 0, 2))
    const args = ['x509', '-inform', 'DER', '-noout', '-text', '-dates']
    const text = spawnSync('openssl', args, { input: certificate }).stdout.toString()
    expect(text).toContain('Version: 3')
    expect(text).toContain('ecdsa-with-SHA256')
    expect(text).toContain('prime256v1')
    expect(text).toContain('CN = WebRTC')
    expect(text).toContain('notBefore=Jan  1 00:00:00 2030')
    expect(text).toContain('notAfter=Jan  2 00:00:00 2031')
  })
})

function connected(outcome: SrtpKeys | DtlsFailure): SrtpKeys {
  if ('reason' in outcome) throw new Error(`${outcome.reason}: ${outcome.detail}`)
  return outcome
}

function pem(label: string, der: string | Uint8Array): string {
  const text = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`
}
