import { addressOf, arenaOf } from '../arena.ts'
import { requireInteger, requireRange } from '../guard.ts'
import { readUint32 } from '../native.ts'
import { crypto, ssl } from './calls.ts'
import { type DtlsSslContext, rawContext, timerCallback } from './dtls-context.ts'
import { type LastError, mustBeOne, OpensslError, takeError } from './error.ts'
import { Handle } from './handle.ts'
import { lend, lendText, TRANSFER_BYTES, workspace } from './workspace.ts'

const SET_LINK_MTU = 120
const GET_TIMEOUT = 73
const HANDLE_TIMEOUT = 74
const BIO_RESET = 1
const BIO_PENDING = 10
const BIO_SET_EOF_RETURN = 130
const ERROR_WANT_READ = 2
const ERROR_WANT_WRITE = 3
const ERROR_ZERO_RETURN = 6
/** The most bytes that a DTLS record, and so an application's message, may carry (RFC 6347 §4.1). */
const MAX_RECORD_TEXT = 16_384

const digests = {
  'sha-256': { make: crypto.EVP_sha256, bytes: 32 },
  'sha-384': { make: crypto.EVP_sha384, bytes: 48 },
  'sha-512': { make: crypto.EVP_sha512, bytes: 64 },
} as const

type DigestName = keyof typeof digests

/** How an operation went: `done`, `waiting` for the peer, `closed` by the peer, or `failed` as `DtlsConnection.failure` says. */
export type Progress = 'done' | 'waiting' | 'closed' | 'failed'

/** A DTLS connection (`SSL`) between two memory buffers: datagrams go in through {@link input} and come out of {@link output}. */
export class DtlsConnection {
  /** Why the last operation failed. */
  failure: LastError | undefined
  /** The message that {@link read} took last. */
  message = new Uint8Array()
  readonly #ssl: Handle
  readonly #in: number
  readonly #out: number
  #resting = false

  constructor(context: DtlsSslContext, role: 'server' | 'client', mtu: number) {
    requireInteger('mtu', mtu, 256, TRANSFER_BYTES)
    this.#ssl = new Handle('SSL_new', ssl.SSL_new(rawContext(context)), ssl.SSL_free)
    try {
      const address = this.#ssl.address
      mustBeOne('the MTU', ssl.SSL_ctrl(address, SET_LINK_MTU, mtu, 0))
      ssl.DTLS_set_timer_cb(address, timerCallback())
      const input = memoryBio()
      let output: Handle
      try {
        output = memoryBio()
      } catch (error) {
        input.close()
        throw error
      }
      this.#in = input.address
      this.#out = output.address
      // From here on the connection owns them, and frees them.
      ssl.SSL_set_bio(address, input.give(), output.give())
      if (role === 'server') ssl.SSL_set_accept_state(address)
      else ssl.SSL_set_connect_state(address)
    } catch (error) {
      this.#ssl.close()
      throw error
    }
  }

  /** Takes one datagram. Process it with {@link handshake} or {@link read} before the next. */
  input(bytes: Uint8Array, start: number, end: number): void {
    this.#ssl.address
    // Otherwise the rest of an earlier datagram would be taken for the beginning of this one.
    crypto.BIO_ctrl(this.#in, BIO_RESET, 0, 0)
    const length = end - start
    if (arenaOf(bytes.buffer)) {
      crypto.BIO_write(this.#in, addressOf(bytes, start, end), length)
      return
    }
    requireRange(bytes, start, end)
    lend(bytes.subarray(start, end), address => crypto.BIO_write(this.#in, address, length))
  }

  handshake(): Progress {
    crypto.ERR_clear_error()
    return this.#progress(ssl.SSL_do_handshake(this.#awake()))
  }

  /** Takes the peer's next application message, which is then in {@link message}. */
  read(): Progress {
    const { output, outputAddress } = workspace()
    crypto.ERR_clear_error()
    const result = ssl.SSL_read(this.#awake(), outputAddress, TRANSFER_BYTES)
    if (result > 0) this.message = output.slice(0, result)
    return this.#progress(result)
  }

  /** Makes a record of an application message. Throws RangeError unless it has 1 to 16,384 bytes. */
  write(bytes: Uint8Array, start: number, end: number): Progress {
    requireRange(bytes, start, end)
    requireInteger('the length of a message', end - start, 1, MAX_RECORD_TEXT)
    crypto.ERR_clear_error()
    return lend(bytes.subarray(start, end), (address, length) =>
      this.#progress(ssl.SSL_write(this.#awake(), address, length)),
    )
  }

  /** Takes the records that are to be sent, one after the other; undefined if there are none. */
  output(): Uint8Array | undefined {
    this.#ssl.address
    const pending = crypto.BIO_ctrl(this.#out, BIO_PENDING, 0, 0)
    if (pending <= 0) return undefined
    const records = new Uint8Array(pending)
    const { output, outputAddress } = workspace()
    for (let taken = 0; taken < pending; ) {
      const count = crypto.BIO_read(this.#out, outputAddress, Math.min(TRANSFER_BYTES, pending - taken))
      if (count <= 0) throw new OpensslError('BIO_read', takeError())
      records.set(output.subarray(0, count), taken)
      taken += count
    }
    return records
  }

  /** Milliseconds on the system's clock until {@link handleTimeout} is due; Infinity for never. */
  timeoutMs(): number {
    const { input, inputAddress } = workspace()
    if (ssl.SSL_ctrl(this.#ssl.address, GET_TIMEOUT, 0, inputAddress) !== 1) return Number.POSITIVE_INFINITY
    const time = new DataView(input.buffer, input.byteOffset)
    return Number(time.getBigInt64(0, true)) * 1000 + Number(time.getBigInt64(8, true)) / 1000
  }

  /** Sends the last flight again, if it is time to. */
  handleTimeout(): Progress {
    crypto.ERR_clear_error()
    const result = ssl.SSL_ctrl(this.#awake(), HANDLE_TIMEOUT, 0, 0)
    if (result >= 0) return 'waiting'
    this.failure = takeError()
    return 'failed'
  }

  /** Frees the memory for records, some 35 kB, unless one is incomplete. It is allocated again for the next record. */
  rest(): void {
    if (!this.#resting) this.#resting = ssl.SSL_free_buffers(this.#ssl.address) === 1
  }

  /** Makes a close_notify alert. */
  shutdown(): void {
    ssl.SSL_shutdown(this.#awake())
    crypto.ERR_clear_error()
  }

  /** The hash of the peer's certificate; undefined if it has shown none. */
  peerDigest(algorithm: DigestName): Uint8Array | undefined {
    const address = ssl.SSL_get1_peer_certificate(this.#ssl.address)
    if (address === 0) return undefined
    const certificate = new Handle('SSL_get1_peer_certificate', address, crypto.X509_free)
    try {
      const { make, bytes } = digests[algorithm]
      const { digest, digestAddress } = workspace()
      mustBeOne('X509_digest', crypto.X509_digest(certificate.address, make(), digestAddress, 0))
      return digest.slice(0, bytes)
    } finally {
      certificate.close()
    }
  }

  /** The number of the agreed SRTP profile (RFC 5764 §4.1.2); 0 if there is none. */
  srtpProfile(): number {
    const profile = ssl.SSL_get_selected_srtp_profile(this.#ssl.address)
    // struct { const char *name; unsigned long id }
    return profile === 0 ? 0 : readUint32(profile + 8)
  }

  /** Exports keying material (RFC 5705), without a context. */
  keyingMaterial(label: string, length: number): Uint8Array {
    const { output, outputAddress } = workspace()
    requireInteger('length', length, 1, 255)
    lendText(label, (address, labelLength) => {
      const { address: connection } = this.#ssl
      const result = ssl.SSL_export_keying_material(connection, outputAddress, length, address, labelLength, 0, 0, 0)
      mustBeOne('SSL_export_keying_material', result)
    })
    const material = output.slice(0, length)
    output.fill(0, 0, length)
    return material
  }

  /** May be called twice. */
  close(): void {
    this.#ssl.close()
  }

  /** The address, for calls that may read or write a record: OpenSSL expects its memory to be allocated by then. */
  #awake(): number {
    const { address } = this.#ssl
    if (this.#resting) {
      mustBeOne('SSL_alloc_buffers', ssl.SSL_alloc_buffers(address))
      this.#resting = false
    }
    return address
  }

  #progress(result: number): Progress {
    if (result > 0) return 'done'
    const error = ssl.SSL_get_error(this.#ssl.address, result)
    if (error === ERROR_WANT_READ || error === ERROR_WANT_WRITE) return 'waiting'
    if (error === ERROR_ZERO_RETURN) return 'closed'
    this.failure = takeError()
    return 'failed'
  }
}

/** A memory buffer that reports "try again later" when it is empty, and not "end of file". */
function memoryBio(): Handle {
  const bio = new Handle('BIO_new', crypto.BIO_new(crypto.BIO_s_mem()), crypto.BIO_free)
  crypto.BIO_ctrl(bio.address, BIO_SET_EOF_RETURN, -1, 0)
  return bio
}
