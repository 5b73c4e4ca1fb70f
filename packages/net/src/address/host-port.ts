/** A host, by name or address and without brackets, and the port if one was written. */
export interface HostPort {
  readonly host: string
  readonly port: number | undefined
}

const pattern = /^(?:\[(?<ipv6>[^[\]]*:[^[\]]*)\]|(?<name>[^:[\]]+))(?::(?<port>\d{1,5}))?$/
const bareIpv6 = /^[^[\]]*:[^[\]]*:[^[\]]*$/

/**
 * Splits `example.org`, `192.0.2.1:3478`, `[2001:db8::1]:3478` or `2001:db8::1`; undefined for text of another shape and for
 * a port above 65,535. Whether the host is a name or an address is left to the caller.
 */
export function parseHostPort(text: string): HostPort | undefined {
  const { ipv6, name, port: digits } = pattern.exec(text)?.groups ?? {}
  const host = ipv6 ?? name ?? (bareIpv6.test(text) ? text : undefined)
  const port = digits === undefined ? undefined : Number(digits)
  return host === undefined || (port !== undefined && port > 65_535) ? undefined : { host, port }
}

/** `example.org:443`, `192.0.2.1:443` or `[2001:db8::1]:443`. */
export function formatHostPort(host: string, port: number): string {
  return `${bracketed(host)}:${port}`
}

/** A host as it stands in a URL: an IPv6 address in brackets (RFC 3986 §3.2.2). */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
