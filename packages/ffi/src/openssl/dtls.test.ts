import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { selfSign } from './certificate.ts'
import { DtlsConnection } from './dtls-connection.ts'
import { type DtlsParameters, DtlsSslContext } from './dtls-context.ts'
import { OpensslError } from './error.ts'
import { openHandles } from './handle.ts'

function parameters(): DtlsParameters {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const privateKey = key.export({ type: 'pkcs8', format: 'der' })
  const times = { notBefore: Date.UTC(2025, 0), notAfter: Date.UTC(2050, 5) }
  const certificate = selfSign({ privateKey, commonName: 'Grüße', serial: 2 ** 52, ...times })
  return { certificate, privateKey, ciphers: 'ECDHE+AESGCM', srtpProfiles: 'SRTP_AEAD_AES_128_GCM' }
}

const good = parameters()

test('a certificate says what it was told, and is signed by its own key', () => {
  const x509 = new X509Certificate(good.certificate)
  expect(x509.subject).toBe('CN=Grüße')
  expect(x509.issuer).toBe(x509.subject)
  expect(x509.serialNumber).toBe('10000000000000')
  expect(new Date(x509.validFrom).getTime()).toBe(Date.UTC(2025, 0))
  expect(new Date(x509.validTo).getTime()).toBe(Date.UTC(2050, 5))
  expect(x509.verify(x509.publicKey)).toBe(true)
})

test('what OpenSSL does not take is named, and leaves nothing behind', () => {
  const before = openHandles()
  for (const [wrong, name] of [
    [{ certificate: new Uint8Array(10) }, 'the certificate'],
    [{ privateKey: new Uint8Array(10) }, 'd2i_AutoPrivateKey'],
    [{ privateKey: parameters().privateKey }, 'the private key'],
    [{ ciphers: 'NO-SUCH-CIPHER' }, 'the ciphers'],
    [{ srtpProfiles: 'SRTP_NO_SUCH_PROFILE' }, 'the SRTP profiles'],
  ] as const) {
    let error: unknown
    try {
      new DtlsSslContext({ ...good, ...wrong })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(OpensslError)
    expect(String(error)).toContain(`OpensslError: ${name}: error:`)
  }
  const context = new DtlsSslContext(good)
  for (const mtu of [255, Number.NaN, 1e6]) expect(() => new DtlsConnection(context, 'server', mtu)).toThrow(RangeError)
  context.close()
  expect(openHandles()).toBe(before)
})

test('what is closed throws; a connection outlives its context', () => {
  const before = openHandles()
  const context = new DtlsSslContext(good)
  const connection = new DtlsConnection(context, 'client', 1200)
  context.close()
  context.close()
  expect(() => new DtlsConnection(context, 'client', 1200)).toThrow('freed')
  expect(connection.handshake()).toBe('waiting')
  expect(connection.output()?.length).toBeGreaterThan(100)
  expect(connection.output()).toBeUndefined()
  expect(connection.timeoutMs()).toBeGreaterThanOrEqual(0)
  expect(connection.timeoutMs()).toBeLessThanOrEqual(50)
  expect(connection.peerDigest('sha-256')).toBeUndefined()
  expect(connection.srtpProfile()).toBe(0)
  connection.close()
  connection.close()
  const bytes = new Uint8Array(20)
  for (const use of [
    () => connection.handshake(),
    () => connection.read(),
    () => connection.write(bytes, 0, 1),
    () => connection.input(bytes, 0, 1),
    () => connection.output(),
    () => connection.timeoutMs(),
    () => connection.handleTimeout(),
    () => connection.shutdown(),
    () => connection.peerDigest('sha-256'),
    () => connection.srtpProfile(),
    () => connection.keyingMaterial('label', 10),
  ]) {
    expect(use).toThrow('freed')
  }
  expect(openHandles()).toBe(before)
})

test('threads have their own timers, also after another thread has ended', async () => {
  const source = `
    import('tsx/esm/api').then(async ({ register }) => {
      register()
      const { workerData, parentPort } = require('node:worker_threads')
      const { DtlsSslContext, DtlsConnection } = await import(workerData.index)
      const context = new DtlsSslContext(workerData.parameters)
      const connection = new DtlsConnection(context, 'client', 1200)
      connection.handshake()
      const timeout = connection.timeoutMs()
      connection.close()
      context.close()
      parentPort.postMessage(timeout)
    })`
  const index = new URL('../index.ts', import.meta.url).href
  for (let round = 0; round < 2; round++) {
    const worker = new Worker(source, { eval: true, workerData: { index, parameters: good } })
    const ended = new Promise(resolve => worker.once('exit', resolve))
    const timeout = await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    expect(timeout).toBeGreaterThanOrEqual(0)
    expect(timeout).toBeLessThanOrEqual(50)
    await ended
  }
  const context = new DtlsSslContext(good)
  const connection = new DtlsConnection(context, 'client', 1200)
  connection.handshake()
  expect(connection.timeoutMs()).toBeLessThanOrEqual(50)
  connection.close()
  context.close()
})
