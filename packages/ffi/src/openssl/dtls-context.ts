import { callback, symbolAddress } from '../native.ts'
import { ssl } from './calls.ts'
import { readPrivateKey } from './certificate.ts'
import { requireOpenssl } from './check.ts'
import { mustBeOne, OpensslError, takeError } from './error.ts'
import { Handle } from './handle.ts'
import { lend, lendText } from './workspace.ts'

const SET_MIN_PROTO_VERSION = 123
const DTLS_1_2 = 0xfefd
const SET_SESSION_CACHE_MODE = 44
const VERIFY_PEER_OR_FAIL = 3
/** SSL_OP_NO_QUERY_MTU, SSL_OP_NO_TICKET, SSL_OP_NO_RENEGOTIATION */
const OPTIONS = 0x1000 | 0x4000 | 0x40000000

/** How long to wait before a flight is sent again. The wait doubles each time, and OpenSSL gives up after the twelfth. */
const FIRST_WAIT_US = 50_000
const LONGEST_WAIT_US = 1_600_000

let timer: number | undefined

/** The address of a `DTLS_timer_cb`, which is given the last wait (0 at first) and returns the next. */
export function timerCallback(): number {
  timer ??= callback('uint', ['int64', 'uint'], (_ssl, lastUs = 0) =>
    lastUs === 0 ? FIRST_WAIT_US : Math.min(2 * lastUs, LONGEST_WAIT_US),
  )
  return timer
}

export interface DtlsParameters {
  /** In DER. */
  readonly certificate: Uint8Array
  /** In DER, PKCS #8. */
  readonly privateKey: Uint8Array
  /** OpenSSL's names for ciphers and SRTP profiles, in order of preference, separated by colons. */
  readonly ciphers: string
  readonly srtpProfiles: string
}

/** The address of a context, for calls inside this package. */
export let rawContext: (context: DtlsSslContext) => number

/**
 * What the DTLS connections of a thread share (`SSL_CTX`): DTLS 1.2 or later, no resumption, and a certificate from both
 * sides. OpenSSL accepts any certificate: compare its hash after the handshake.
 */
export class DtlsSslContext {
  readonly #context: Handle

  static {
    rawContext = context => context.#context.address
  }

  /** Throws OpensslError for a certificate, key, cipher or profile that OpenSSL does not accept. */
  constructor(parameters: DtlsParameters) {
    requireOpenssl()
    this.#context = new Handle('SSL_CTX_new', ssl.SSL_CTX_new(ssl.DTLS_method()), ssl.SSL_CTX_free)
    try {
      this.#configure(this.#context.address, parameters)
    } catch (error) {
      this.#context.close()
      throw error
    }
  }

  /** Connections that were made from it continue. May be called twice. */
  close(): void {
    this.#context.close()
  }

  #configure(context: number, { certificate, privateKey, ciphers, srtpProfiles }: DtlsParameters): void {
    mustBeOne('the least version', ssl.SSL_CTX_ctrl(context, SET_MIN_PROTO_VERSION, DTLS_1_2, 0))
    ssl.SSL_CTX_set_options(context, OPTIONS)
    ssl.SSL_CTX_ctrl(context, SET_SESSION_CACHE_MODE, 0, 0)
    lend(certificate, (address, length) => {
      mustBeOne('the certificate', ssl.SSL_CTX_use_certificate_ASN1(context, length, address))
    })
    const key = readPrivateKey(privateKey)
    try {
      mustBeOne('the private key', ssl.SSL_CTX_use_PrivateKey(context, key.address))
    } finally {
      key.close()
    }
    mustBeOne('certificate and key', ssl.SSL_CTX_check_private_key(context))
    lendText(ciphers, address => mustBeOne('the ciphers', ssl.SSL_CTX_set_cipher_list(context, address)))
    lendText(srtpProfiles, address => {
      // Unlike the others, this function returns 0 for success.
      if (ssl.SSL_CTX_set_tlsext_use_srtp(context, address) !== 0) {
        throw new OpensslError('the SRTP profiles', takeError())
      }
    })
    ssl.SSL_CTX_set_verify(context, VERIFY_PEER_OR_FAIL, 0)
    // Certificates are self-signed, so any must pass. BIO_sock_init() takes no arguments, does nothing and returns 1, which means yes.
    ssl.SSL_CTX_set_cert_verify_callback(context, symbolAddress('BIO_sock_init'), 0)
  }
}
