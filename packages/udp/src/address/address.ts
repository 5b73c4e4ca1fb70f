import { formatHostPort, IpAddress } from '@parley/net'
import { familyPort, isIPv6Name, MAPPED, mix, portOf, word } from './sockaddr.ts'
import { zoneIndex } from './zone.ts'

/**
 * An IP address and port, immutable. An IPv4 address is one however it was written: `::ffff:10.0.0.1` is `10.0.0.1`.
 * Compare with `equals` or by `key`, never by identity.
 */
export class Address {
  readonly version: 4 | 6
  readonly port: number
  /** The interface of a link-local IPv6 address, 0 for any other. */
  readonly scope: number
  /** A hash of 32 bits, equal for equal addresses. */
  readonly hash: number
  // The address as it lies in a sockaddr: four words of IPv6, or the first alone of IPv4.
  readonly #a: number
  readonly #b: number
  readonly #c: number
  readonly #d: number
  #host: string | undefined
  #key: string | undefined

  private constructor(version: 4 | 6, port: number, a: number, b: number, c: number, d: number, scope: number) {
    this.version = version
    this.port = port
    this.scope = scope
    this.#a = a
    this.#b = b
    this.#c = c
    this.#d = d
    this.hash = [a, b, c, d, scope].reduce(mix, familyPort(version, port))
  }

  /** @param host An address in text, with a zone where it needs one (`fe80::1%eth0`). Throws RangeError if it is none. */
  static parse(host: string, port: number): Address {
    const [ip = '', zone] = host.split('%', 2)
    const address = IpAddress.tryParse(ip)
    const scope = zone === undefined ? 0 : zoneIndex(zone)
    if (!address || scope === undefined) throw new RangeError(`“${host}” is not an IP address`)
    return Address.from(address.bytes, port, scope)
  }

  /** @param bytes 4 or 16, in network order. Throws RangeError for anything else, and for a port that is none. */
  static from(bytes: Uint8Array, port: number, scope = 0): Address {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`${port} is not a port`)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length === 4) return new Address(4, port, view.getInt32(0, true), 0, 0, 0, 0)
    if (bytes.length !== 16) throw new RangeError(`an IP address has 4 or 16 bytes, not ${bytes.length}`)
    const [a, b, c, d] = [0, 4, 8, 12].map(at => view.getInt32(at, true)) as [number, number, number, number]
    if (a === 0 && b === 0 && c === MAPPED) return new Address(4, port, d, 0, 0, 0, 0)
    return new Address(6, port, a, b, c, d, scope)
  }

  /** Reads the sockaddr that begins at `words[at]`. */
  static read(words: Int32Array, at: number): Address {
    const first = words[at] as number
    const w = (index: number) => words[at + index] as number
    if (!isIPv6Name(first)) return new Address(4, portOf(first), w(word.addr), 0, 0, 0, 0)
    const [a, b, c, d] = [w(word.addr6), w(word.addr6 + 1), w(word.addr6 + 2), w(word.addr6 + 3)]
    if (a === 0 && b === 0 && c === MAPPED) return new Address(4, portOf(first), d, 0, 0, 0, 0)
    return new Address(6, portOf(first), a, b, c, d, w(word.scope))
  }

  /** Whether the sockaddr at `words[at]` holds this address. */
  matches(words: Int32Array, at: number): boolean {
    const first = words[at] as number
    if (portOf(first) !== this.port) return false
    if (!isIPv6Name(first)) return this.version === 4 && words[at + word.addr] === this.#a
    const ip = at + word.addr6
    if (this.version === 4) {
      return words[ip + 3] === this.#a && words[ip + 2] === MAPPED && words[ip + 1] === 0 && words[ip] === 0
    }
    return (
      words[ip + 3] === this.#d &&
      words[ip + 2] === this.#c &&
      words[ip + 1] === this.#b &&
      words[ip] === this.#a &&
      words[at + word.scope] === this.scope
    )
  }

  /** Writes a sockaddr for a socket of `version` to `words[at]`. For an IPv6 socket, an IPv4 address becomes a mapped one. */
  write(words: Int32Array, at: number, version: 4 | 6): void {
    words[at] = familyPort(version, this.port)
    if (version === 4) {
      words[at + word.addr] = this.#a
      return
    }
    const mapped = this.version === 4
    const ip = at + word.addr6
    words[at + word.flowinfo] = 0
    words[ip] = mapped ? 0 : this.#a
    words[ip + 1] = mapped ? 0 : this.#b
    words[ip + 2] = mapped ? MAPPED : this.#c
    words[ip + 3] = mapped ? this.#a : this.#d
    words[at + word.scope] = this.scope
  }

  /** The address alone, in network order: 4 or 16 bytes, a new array. */
  bytes(): Uint8Array {
    return new Uint8Array(Int32Array.of(this.#a, this.#b, this.#c, this.#d).buffer, 0, this.version === 4 ? 4 : 16)
  }

  /** The address alone, as text, with the number of its interface if it has one. Made on first use. */
  get host(): string {
    this.#host ??= String(IpAddress.from(this.bytes())) + (this.scope === 0 ? '' : `%${this.scope}`)
    return this.#host
  }

  /** `10.0.0.1:5000` or `[2001:db8::1]:5000`: equal for equal addresses. Made on first use. */
  get key(): string {
    this.#key ??= formatHostPort(this.host, this.port)
    return this.#key
  }

  toString(): string {
    return this.key
  }

  equals(other: Address): boolean {
    return (
      this === other ||
      (this.#d === other.#d &&
        this.#a === other.#a &&
        this.port === other.port &&
        this.#b === other.#b &&
        this.#c === other.#c &&
        this.version === other.version &&
        this.scope === other.scope)
    )
  }
}
