import { isIPv6 } from 'node:net'

/** `host:port`, brackets as URLs have them. */
export function place({ host, port }: { readonly host: string; readonly port: number }): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}
