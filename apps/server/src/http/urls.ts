import { isIP, isIPv6 } from 'node:net'
import { bracketed, parseHostPort } from '@parley/net'
import { isHostname } from '../config/kinds.ts'

/** `https://host:port`, brackets and the standard port as URLs have them. */
export function httpsUrl(host: string, port: number): string {
  return authority('https', host, port, 443)
}

export function httpUrl(host: string, port: number): string {
  return authority('http', host, port, 80)
}

function authority(scheme: string, host: string, port: number, standard: number): string {
  return `${scheme}://${bracketed(host)}${port === standard ? '' : `:${port}`}`
}

export interface Reach {
  /** What the server listens on: `0.0.0.0`, `::`, `localhost` or one address. */
  readonly host: string
  readonly domain: string | undefined
  readonly publicIps: readonly string[]
  /** The addresses of this machine, the likeliest first. */
  readonly addresses: readonly string[]
}

/** The host name by which this machine itself reaches the server. */
export function localHost({ host }: Reach): string {
  return isEverywhere(host) || isLoopback(host) ? 'localhost' : host
}

/** The names under which others reach the server, the best first. A public name hides the private addresses. */
export function othersHosts({ host, domain, publicIps, addresses }: Reach): string[] {
  if (domain) return [domain]
  if (isLoopback(host)) return []
  if (!isEverywhere(host)) return [host]
  const usable: readonly string[] = host === '::' ? addresses : addresses.filter(address => !isIPv6(address))
  return [...(publicIps.length > 0 ? publicIps : usable)]
}

function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** The host of a Host header, without port and brackets; undefined if the header is invalid. */
export function hostOf(header: string | undefined): string | undefined {
  const { host: name = '' } = parseHostPort(header ?? '') ?? {}
  return isHostname(name) || isIP(name) ? name : undefined
}
