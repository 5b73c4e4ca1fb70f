import { crypto } from './calls.ts'
import { requireOpenssl } from './check.ts'
import { mustBeOne, OpensslError, takeError } from './error.ts'
import { Handle } from './handle.ts'
import { lend, lendText, workspace } from './workspace.ts'

const X509_V3 = 2
const MBSTRING_UTF8 = 0x1000
const SECONDS = 1000

/** Reads a private key in DER, in PKCS #8 or the older format of its kind. Throws OpensslError. */
export function readPrivateKey(der: Uint8Array): Handle {
  const { pointer, pointerAddress } = workspace()
  return lend(der, (address, length) => {
    pointer[0] = BigInt(address)
    return new Handle('d2i_AutoPrivateKey', crypto.d2i_AutoPrivateKey(0, pointerAddress, length), crypto.EVP_PKEY_free)
  })
}

interface SelfSigned {
  /** In DER, PKCS #8. */
  readonly privateKey: Uint8Array
  readonly commonName: string
  /** Positive, below 2^53. */
  readonly serial: number
  /** Milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
}

/** Makes an X.509 certificate, signed by its own key with SHA-256, and returns it in DER. Throws OpensslError. */
export function selfSign({ privateKey, commonName, serial, notBefore, notAfter }: SelfSigned): Uint8Array {
  requireOpenssl()
  const key = readPrivateKey(privateKey)
  try {
    const certificate = new Handle('X509_new', crypto.X509_new(), crypto.X509_free)
    try {
      const x509 = certificate.address
      mustBeOne('X509_set_version', crypto.X509_set_version(x509, X509_V3))
      mustBeOne('serial', crypto.ASN1_INTEGER_set_uint64(crypto.X509_get_serialNumber(x509), serial))
      setTime(crypto.X509_getm_notBefore(x509), notBefore)
      setTime(crypto.X509_getm_notAfter(x509), notAfter)
      const name = crypto.X509_get_subject_name(x509)
      lendText(`CN\0${commonName}`, (field, length) => {
        const value = field + 3
        const added = crypto.X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, value, length - 3, -1, 0)
        mustBeOne('X509_NAME_add_entry_by_txt', added)
      })
      mustBeOne('X509_set_issuer_name', crypto.X509_set_issuer_name(x509, name))
      mustBeOne('X509_set_pubkey', crypto.X509_set_pubkey(x509, key.address))
      if (crypto.X509_sign(x509, key.address, crypto.EVP_sha256()) <= 0)
        throw new OpensslError('X509_sign', takeError())
      return encode(x509)
    } finally {
      certificate.close()
    }
  } finally {
    key.close()
  }
}

function setTime(time: number, ms: number): void {
  if (crypto.ASN1_TIME_set(time, Math.floor(ms / SECONDS)) === 0) throw new OpensslError('ASN1_TIME_set', takeError())
}

function encode(x509: number): Uint8Array {
  const { pointer, pointerAddress, output, outputAddress } = workspace()
  const length = crypto.i2d_X509(x509, 0)
  if (length <= 0 || length > output.length) throw new OpensslError('i2d_X509', takeError())
  pointer[0] = BigInt(outputAddress)
  crypto.i2d_X509(x509, pointerAddress)
  return output.slice(0, length)
}
