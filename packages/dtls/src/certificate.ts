import { createPrivateKey, generateKeyPairSync, randomInt, X509Certificate } from 'node:crypto'
import { selfSign } from '@parley/ffi'

const DAY_MS = 24 * 3600 * 1000

/** A certificate with its private key, each in PEM or in DER (the key as PKCS #8). */
export interface DtlsCertificate {
  readonly certificate: string | Uint8Array
  readonly privateKey: string | Uint8Array
}

/**
 * Makes a self-signed ECDSA P-256 certificate as WebRTC uses them (RFC 8827 §6.5). It names nobody, and is valid from a day
 * ago, because clocks may be slow, for a year. Takes about 1 ms. Throws if this Node has no OpenSSL that can be called.
 */
export function makeDtlsCertificate(now: number = Date.now()): DtlsCertificate {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const privateKey = key.export({ type: 'pkcs8', format: 'der' })
  const certificate = selfSign({
    privateKey,
    commonName: 'WebRTC',
    serial: randomInt(1, 2 ** 47),
    notBefore: now - DAY_MS,
    notAfter: now + 365 * DAY_MS,
  })
  return { certificate, privateKey }
}

/** Returns both in DER, with the certificate's SHA-256 fingerprint. Throws for what is neither PEM nor DER. */
export function readCertificate({ certificate, privateKey }: DtlsCertificate) {
  const x509 = new X509Certificate(certificate)
  const key =
    typeof privateKey === 'string'
      ? createPrivateKey(privateKey)
      : createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' })
  return {
    certificate: x509.raw,
    privateKey: key.export({ type: 'pkcs8', format: 'der' }),
    fingerprint: x509.fingerprint256,
  }
}
