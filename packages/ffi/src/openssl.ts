import { absent, bind, type Native, native } from './native.ts'

/** What DTLS-SRTP needs of the OpenSSL that the `node` executable carries. */
const required = [
  'OpenSSL_version_num',
  'DTLS_method',
  'DTLS_set_timer_cb',
  'SSL_CTX_new',
  'SSL_CTX_free',
  'SSL_CTX_ctrl',
  'SSL_CTX_set_options',
  'SSL_CTX_use_certificate',
  'SSL_CTX_use_PrivateKey',
  'SSL_CTX_set_cipher_list',
  'SSL_CTX_set_verify',
  'SSL_CTX_set_cert_verify_callback',
  'SSL_CTX_set_tlsext_use_srtp',
  'SSL_new',
  'SSL_free',
  'SSL_ctrl',
  'SSL_set_bio',
  'SSL_set_accept_state',
  'SSL_set_connect_state',
  'SSL_do_handshake',
  'SSL_read',
  'SSL_shutdown',
  'SSL_get_error',
  'SSL_get1_peer_certificate',
  'SSL_get_selected_srtp_profile',
  'SSL_export_keying_material',
  'X509_digest',
  'X509_free',
  'BIO_new',
  'BIO_free',
  'BIO_ctrl',
  'BIO_read',
  'BIO_write',
  'BIO_s_mem',
  'EVP_aes_128_gcm',
  'EVP_aes_128_ctr',
  'EVP_aes_128_ecb',
  'EVP_sha1',
  'EVP_sha256',
  'EVP_CIPHER_CTX_new',
  'EVP_CIPHER_CTX_free',
  'EVP_CIPHER_CTX_ctrl',
  'EVP_CipherInit_ex',
  'EVP_CipherUpdate',
  'EVP_CipherFinal_ex',
  'HMAC',
  'ERR_get_error',
  'ERR_clear_error',
] as const

export type OpensslCheck =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly missing: readonly string[]; readonly why: string }

/** Whether this process carries an OpenSSL that can do DTLS-SRTP, and which. Never throws. */
export function openssl(from: Native = native): OpensslCheck {
  const missing = absent(required, from)
  if (!from.ok) return { ok: false, missing, why: from.why }
  if (missing.length > 0) return { ok: false, missing, why: `this node does not export ${missing.join(', ')}` }
  const version = bind({ OpenSSL_version_num: ['ulong'] }, from).calls.OpenSSL_version_num()
  // 0xMNN00PP0 (OPENSSL_VERSION_NUMBER, since 3.0)
  return { ok: true, version: `${version >>> 28}.${(version >>> 20) & 0xff}.${(version >>> 4) & 0xff}` }
}
