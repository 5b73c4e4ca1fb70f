import { isIP, isIPv6 } from 'node:net'
import { AddressError, Cidr } from '@parley/net'
import { z } from 'zod'
import { value } from './kinds.ts'

/** A public address, and the local one of this machine that a NAT maps it to. */
export class MappedIp {
  readonly outside: string
  readonly inside: string

  constructor(outside: string, inside: string) {
    this.outside = outside
    this.inside = inside
  }

  /** As it is written. */
  toString(): string {
    return `${this.outside}/${this.inside}`
  }
}

/** An IP address, and a port where one was said. */
export class Endpoint {
  readonly ip: string
  readonly port: number | undefined

  constructor(ip: string, port: number | undefined) {
    this.ip = ip
    this.port = port
  }

  /** As it is written. */
  toString(): string {
    const { ip, port } = this
    return port === undefined ? ip : `${isIPv6(ip) ? `[${ip}]` : ip}:${port}`
  }
}

export const mappedIp = value(
  z.string().transform((written, context) => {
    const [outside = '', inside = '', ...more] = written.split('/')
    const family = isIP(outside)
    if (family !== 0 && more.length === 0 && isIP(inside) === family) return new MappedIp(outside, inside)
    context.addIssue({ code: 'custom', message: 'not two addresses' })
    return z.NEVER
  }),
  'a public address and a local one such as 203.0.113.5/10.0.0.5',
  '<public/local>',
)

function endpoint(withPort: 'always' | 'maybe') {
  return z.string().transform((written, context) => {
    const [, ipv6, bare = '', digits] =
      /^(?:\[(.*)\]|([^[\]]*?))(?::(\d{1,5}))?$/.exec(isIPv6(written) ? `[${written}]` : written) ?? []
    const ip = ipv6 ?? bare
    const port = digits === undefined ? undefined : Number(digits)
    const isPort = port === undefined ? withPort === 'maybe' : port > 0 && port < 65_536
    if (isIP(ip) === (ipv6 === undefined ? 4 : 6) && isPort) return new Endpoint(ip, port)
    context.addIssue({ code: 'custom', message: 'not an address and port' })
    return z.NEVER
  })
}

export const addressAndPort = value(
  endpoint('always'),
  'an IP address and a port such as 203.0.113.6:3478 or [2001:db8::6]:3478',
  '<address:port>',
)

export const addressMaybePort = value(
  endpoint('maybe'),
  'an IP address, with or without a port, such as 203.0.113.6 or [2001:db8::6]:3479',
  '<address[:port]>',
)

export const network = value(
  z.string().refine(written => {
    try {
      return Cidr.parse(written) !== undefined
    } catch (error) {
      if (error instanceof AddressError) return false
      throw error
    }
  }),
  'an address or a network such as 10.1.0.0/16',
  '<network>',
)
