import { byteAt, fromHex, setUint16At, uint16At } from '@parley/bytes'
import { Address } from '@parley/udp'

/*
 * PROXY protocol, version 2: what a load balancer, or whoever took TLS off, writes in front of a TCP stream to say who
 * the client is. https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt §2.2
 */

const signature = fromHex('0d0a0d0a000d0a515549540a')
const fixedLength = 16
/** More than any sender puts there; a header may claim 64 KiB. */
const mostBehind = 2048

const local = 0x20
const proxied = 0x21
const tcpOverIpv4 = 0x11
const tcpOverIpv6 = 0x21

/** Bytes of address by family and transport; only TCP streams are expected here. */
const addressLengths: Readonly<Record<number, number>> = { [tcpOverIpv4]: 4, [tcpOverIpv6]: 16 }

type ProxyHeader =
  /** `client` is undefined where the proxy speaks for itself (LOCAL) or says nothing we know: use the socket's own. */
  | { readonly is: 'whole'; readonly consumed: number; readonly client: Address | undefined }
  | { readonly is: 'more' }
  | { readonly is: 'bad' }

/**
 * Reads the header at the beginning of a stream. `more`: call again with all the bytes so far and some more, at most
 * 2,064. `bad`: not a header, close the connection. Never throws; only for listeners that proxies alone can reach.
 */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader {
  const here = Math.min(bytes.length, signature.length)
  for (let i = 0; i < here; i++) if (bytes[i] !== signature[i]) return { is: 'bad' }
  if (bytes.length > 12 && !isKnownCommand(byteAt(bytes, 12))) return { is: 'bad' }
  if (bytes.length < fixedLength) return { is: 'more' }
  const length = uint16At(bytes, 14)
  if (length > mostBehind) return { is: 'bad' }
  const size = byteAt(bytes, 12) === local ? undefined : addressLengths[byteAt(bytes, 13)]
  if (size !== undefined && length < 2 * size + 4) return { is: 'bad' }
  const consumed = fixedLength + length
  if (bytes.length < consumed) return { is: 'more' }
  if (size === undefined) return { is: 'whole', consumed, client: undefined }
  const port = uint16At(bytes, fixedLength + 2 * size)
  return { is: 'whole', consumed, client: Address.from(bytes.subarray(fixedLength, fixedLength + size), port) }
}

/** The header of a TCP connection from `from` to `to`: what goes before its first byte when it is passed on. */
export function proxyHeader({ from, to }: { readonly from: Address; readonly to: Address }): Uint8Array {
  const ipv4 = from.version === 4 && to.version === 4
  const size = ipv4 ? 4 : 16
  const header = new Uint8Array(fixedLength + 2 * size + 4)
  header.set(signature)
  header[12] = proxied
  header[13] = ipv4 ? tcpOverIpv4 : tcpOverIpv6
  setUint16At(header, 14, 2 * size + 4)
  for (const [index, address] of [from, to].entries()) {
    header.set(widened(address.bytes(), size), fixedLength + index * size)
    setUint16At(header, fixedLength + 2 * size + 2 * index, address.port)
  }
  return header
}

/** IPv4 in 16 bytes is IPv4-mapped. */
function widened(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.length === size ? bytes : Uint8Array.of(...new Array(10).fill(0), 0xff, 0xff, ...bytes)
}

function isKnownCommand(byte: number): boolean {
  return byte === local || byte === proxied
}
