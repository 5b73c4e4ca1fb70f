// Loaded only when a certificate is to be made: the library takes 100 ms.
import 'reflect-metadata'
import { createPrivateKey, KeyObject, randomBytes, type webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type GeneralNameType,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { encodePermitted, nameConstraintsOid, type Permitted } from './name-constraints.ts'
import type { Pair } from './pair.ts'
import type { SubjectNames } from './subject-names.ts'

const dayMs = 24 * 3600 * 1000
const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' }

/**
 * A new certificate authority for this machine: P-256, ten years, for server certificates only and with no authority below it.
 * It may sign only for what is `permitted`; without that, for any name, as the authorities of the internet may.
 */
export async function makeAuthority(hostname: string, now: number, permitted?: Permitted): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`Parley local authority (${hostname.slice(0, 38)})`] }],
    keys,
    serialNumber: serialNumber(),
    signingAlgorithm,
    ...validity(now, 3653),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      ...(permitted ? [new Extension(nameConstraintsOid, true, encodePermitted(permitted))] : []),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: certificate.toString('pem'), key: exportKey(keys.privateKey) }
}

/**
 * A server certificate signed by the authority, with a key of its own, followed by the authority's certificate.
 * Valid for 397 days at most: browsers accept no more from public authorities, and some of them no more from any.
 */
export async function issueLeaf(authority: Pair, { dns, ip }: SubjectNames, now: number): Promise<Pair> {
  const issuer = new X509Certificate(authority.cert)
  const pkcs8 = createPrivateKey(authority.key).export({ type: 'pkcs8', format: 'der' })
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, curve, false, ['sign'])
  const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify'])
  const alternatives: { type: GeneralNameType; value: string }[] = [
    ...dns.map(value => ({ type: 'dns' as const, value })),
    ...ip.map(value => ({ type: 'ip' as const, value })),
  ]
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: ['Parley'] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm,
    serialNumber: serialNumber(),
    ...validity(now, 397, issuer.notAfter),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(alternatives),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { cert: `${certificate.toString('pem')}\n${authority.cert}`, key: exportKey(keys.privateKey) }
}

/** Valid since yesterday, for clients whose clock is behind; in whole seconds, as X.509 has them. */
function validity(now: number, days: number, latest?: Date): { notBefore: Date; notAfter: Date } {
  const start = Math.floor(now / 1000) * 1000 - dayMs
  const end = start + days * dayMs
  return { notBefore: new Date(start), notAfter: new Date(latest ? Math.min(end, latest.getTime()) : end) }
}

/** 16 random bytes, positive, not starting with zero (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

function exportKey(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()
}
