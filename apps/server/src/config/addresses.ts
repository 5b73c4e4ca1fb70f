import { isIP } from 'node:net'
import { AddressError, Cidr, formatHostPort, parseHostPort } from '@parley/net'
import { z } from 'zod'
import { value } from './kinds.ts'

/** A public address, and the address of this machine to which a NAT forwards it. */
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

/** An IP address, and a port if one was given. */
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
    return port === undefined ? ip : formatHostPort(ip, port)
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
    const { host = '', port } = parseHostPort(written) ?? {}
    if (isIP(host) !== 0 && (port === undefined ? withPort === 'maybe' : port > 0)) return new Endpoint(host, port)
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
