import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { IpAddress, parseHostPort } from '@parley/net'
import { isLoopback } from '../reachability/ranges.ts'

/**
 * The address a request comes from. Behind a proxy: the last entry of X-Forwarded-For, which is the one that the proxy
 * itself wrote; those before it are whatever the client claims.
 */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const direct = plain(request.socket.remoteAddress ?? '')
  if (!trustProxy) return direct
  const forwarded = [request.headers['x-forwarded-for']].flat().join(',').split(',').at(-1)?.trim() ?? ''
  const { host = '' } = parseHostPort(forwarded) ?? {}
  return isIP(host) ? plain(host) : direct
}

/** Whether the request was made on this machine and not passed on by a proxy on it. */
export function isFromThisMachine(request: IncomingMessage): boolean {
  const { headers, socket } = request
  if (headers['x-forwarded-for'] || headers.forwarded || headers['x-real-ip'] || headers.via) return false
  return isLoopback(plain(socket.remoteAddress ?? ''))
}

/** As sockets report it; `::ffff:10.0.0.1` is an IPv4 address. */
function plain(address: string): string {
  return IpAddress.tryParse(address)?.unmapped().toString() ?? address
}
