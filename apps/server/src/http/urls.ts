import { isIP } from 'node:net'
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

/** The host of a Host header, without port and brackets; undefined if the header is invalid. */
export function hostOf(header: string | undefined): string | undefined {
  const { host: name = '' } = parseHostPort(header ?? '') ?? {}
  return isHostname(name) || isIP(name) ? name : undefined
}
