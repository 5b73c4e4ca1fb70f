import { isIPv4, isIPv6 } from 'node:net'
import { isLoopback } from './ranges.ts'

/** Where a server listens that is told to listen on `host`: `localhost`, `0.0.0.0`, `::` or one address. */
export function listenAddress(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host
}

export function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** Whether nobody but this machine can reach what listens there. */
export function isHereOnly(host: string): boolean {
  return isLoopback(listenAddress(host))
}

/** Whether what listens on `host` hears what is sent to that address of this machine. */
export function hears(host: string, address: string): boolean {
  if (host === '::') return true
  return host === '0.0.0.0' ? isIPv4(address) : address === listenAddress(host)
}

/** The loopback address at which what listens on `host` is found. Not `localhost`: browsers try IPv6 for it, too. */
export function loopbackFor(host: string): string {
  return isIPv6(host) ? '::1' : '127.0.0.1'
}
