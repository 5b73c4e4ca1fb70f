import { absent, bind, type Native, native } from '../native.ts'
import { cryptoSignatures, sslSignatures } from './calls.ts'

type OpensslCheck =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly missing: readonly string[]; readonly why: string }

const required = [...Object.keys(cryptoSignatures), ...Object.keys(sslSignatures)]
let here: OpensslCheck | undefined

/** Whether this process carries an OpenSSL that can do DTLS-SRTP, and which. Never throws. */
export function openssl(from: Native = native): OpensslCheck {
  if (from !== native) return probe(from)
  here ??= probe(native)
  return here
}

/** For constructors: throws if there is no such OpenSSL, and says what is missing. */
export function requireOpenssl(): void {
  const check = openssl()
  if (!check.ok) throw new Error(`there is no DTLS-SRTP here: ${check.why}`)
}

function probe(from: Native): OpensslCheck {
  const missing = absent(required, from)
  if (!from.ok) return { ok: false, missing, why: from.why }
  if (missing.length > 0) return { ok: false, missing, why: `this node does not export ${missing.join(', ')}` }
  const version = bind({ OpenSSL_version_num: ['ulong'] }, from).calls.OpenSSL_version_num()
  // 0xMNN00PP0 (OPENSSL_VERSION_NUMBER, since 3.0)
  return { ok: true, version: `${version >>> 28}.${(version >>> 20) & 0xff}.${(version >>> 4) & 0xff}` }
}
