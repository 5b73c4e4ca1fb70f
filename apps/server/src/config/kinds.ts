import { isIP } from 'node:net'
import { AddressError, AddressFilter } from '@parley/net'
import { z } from 'zod'

/** A kind of value: how it is read from text (or JSON), and the words for what is allowed. */
export interface Kind<out T> {
  readonly schema: z.ZodType<T>
  readonly allowed: string
  /** Stands for the value in `--help`; none for switches. */
  readonly placeholder?: string
  /** `list`: may be given several times. `switch`: the flag alone says true, `--no-` false. */
  readonly takes: 'value' | 'list' | 'switch'
  /** Relative to where it was written: to the config file's folder, or else to the working directory. */
  readonly path?: true
  /** Never shown, not even if it is wrong. */
  readonly secret?: true
}

/** A kind made of any schema that reads text. */
export function value<T>(schema: z.ZodType<T>, allowed: string, placeholder: string): Kind<T> {
  return { schema, allowed, placeholder, takes: 'value' }
}

/** Whole numbers, as JSON has them or as digits. */
function wholeNumber(min: number, max: number): z.ZodType<number> {
  const digits = z.string().regex(/^\d{1,15}$/)
  return z.union([z.int(), digits.transform(Number)]).pipe(z.int().min(min).max(max))
}

export function whole(min: number, max: number): Kind<number> {
  return value(wholeNumber(min, max), `a whole number from ${min} to ${max}`, '<number>')
}

const portNumber = wholeNumber(0, 65_535)

export const port = value(portNumber, 'a port from 1 to 65535, or 0 for any free one', '<port>')

export const portOrOff = value(
  z.union([z.literal('off'), portNumber]),
  'a port from 1 to 65535, 0 for any free one, or off',
  '<port>',
)

export const realm = value(z.string().min(1).max(64), 'a name of up to 64 characters', '<name>')

export const keyName = value(
  z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  'up to 64 of a-z, 0-9, dot, hyphen and underscore, a letter or digit first',
  '<name>',
)

const text = value(z.string().min(1).max(4096), 'some text', '<text>')

export const path: Kind<string> = { ...value(text.schema, 'a path', '<path>'), path: true }

export const bindAddress = value(
  z.string().refine(address => isIP(address) !== 0 || address === 'localhost'),
  'an address of this machine, 0.0.0.0 (all of IPv4), :: (all) or localhost',
  '<address>',
)

export const ipAddress = value(
  z.string().refine(address => isIP(address) !== 0),
  'an IPv4 or IPv6 address',
  '<address>',
)

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i

/** Whether this can be a DNS name (RFC 1123 §2.1), a single label included. */
export function isHostname(name: string): boolean {
  return name.length <= 253 && name.split('.').every(part => label.test(part)) && isIP(name) === 0
}

export const domain = value(
  z
    .string()
    .refine(name => isHostname(name) && name.includes('.'))
    .transform(name => name.toLowerCase()),
  'a domain name such as meet.example.com',
  '<name>',
)

/** As browsers write them: `https://host[:port]`, the scheme of an app (`capacitor://localhost`), or `null` for files. */
export const origin = value(
  z.string().transform((written, context) => {
    const url = URL.canParse(written) ? new URL(written) : undefined
    if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin
    if (written === 'null' || /^(?!(https?|wss?|ftp):)[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]*(:\d+)?$/.test(written))
      return written
    context.addIssue({ code: 'custom', message: 'not an origin' })
    return z.NEVER
  }),
  'an origin such as https://app.example.com or capacitor://localhost, or null for pages from files',
  '<origin>',
)

const words: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  '1': true,
  false: false,
  off: false,
  no: false,
  '0': false,
}

export const onOff: Kind<boolean> = {
  schema: z.union([
    z.boolean(),
    z.string().transform((word, context) => {
      const meaning = words[word.toLowerCase()]
      if (meaning === undefined) context.addIssue({ code: 'custom', message: 'not a switch' })
      return meaning ?? z.NEVER
    }),
  ]),
  allowed: 'true or false',
  takes: 'switch',
}

export function oneOf<const T extends string>(...choices: readonly [T, ...T[]]): Kind<T> {
  return value(z.enum(choices), choices.join(', ').replace(/, ([^,]*)$/, ' or $1'), choices.join('|'))
}

/** Several of a kind: the flag repeated, commas, or a JSON array. */
export function listOf<T>(kind: Kind<T>): Kind<readonly T[]> {
  const split = z.string().transform(written => written.split(',').map(part => part.trim()))
  return {
    schema: z.union([z.array(z.string()), split]).pipe(z.array(kind.schema as z.ZodType<T, string>)),
    allowed: `${kind.allowed}; several with commas`,
    ...(kind.placeholder && { placeholder: kind.placeholder }),
    takes: 'list',
    ...(kind.secret && { secret: kind.secret }),
  }
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** A length of time in seconds, written like `90s`, `30m`, `6h` or `7d`; at most a year. */
export const duration = value(
  z.string().transform((written, context) => {
    const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(written) ?? []
    const seconds = Number(count) * (unitSeconds[unit ?? ''] ?? Number.NaN)
    if (seconds >= 1 && seconds <= 366 * 86_400) return seconds
    context.addIssue({ code: 'custom', message: 'not a duration' })
    return z.NEVER
  }),
  'a time such as 90s, 30m, 6h or 7d, at most 366d',
  '<time>',
)

/** Ports from `first` to `last`, inclusive. */
export class PortRange {
  readonly first: number
  readonly last: number

  constructor(first: number, last: number) {
    this.first = first
    this.last = last
  }

  /** As it is written. */
  toString(): string {
    return this.first === this.last ? `${this.first}` : `${this.first}-${this.last}`
  }
}

export const portRange = value(
  z.string().transform((written, context) => {
    const [, first, last] = (/^(\d{1,5})-(\d{1,5})$/.exec(written) ?? []).map(Number)
    if (first && last && first >= 1024 && first < last && last <= 65_535) return new PortRange(first, last)
    context.addIssue({ code: 'custom', message: 'not a range of ports' })
    return z.NEVER
  }),
  'two ports from 1024 to 65535 such as 49152-65535, the lower one first',
  '<first-last>',
)

/** One port, or from one to another. */
export const portOrRange = value(
  z.union([z.int(), z.string()]).transform((written, context) => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(written)) ?? []
    const range = new PortRange(Number(first), Number(last))
    if (range.first >= 1 && range.first <= range.last && range.last <= 65_535) return range
    context.addIssue({ code: 'custom', message: 'neither a port nor a range of ports' })
    return z.NEVER
  }),
  'a port such as 443, or two such as 1024-65535, the lower one first',
  '<port[-last]>',
)

const unitBits: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 }

/** A bit rate in bit/s, written like `500k` or `10M`. */
export const bitrate = value(
  z.union([z.int(), z.string()]).transform((written, context) => {
    const [, count, unit] = /^(\d{1,12})([kMG]?)$/.exec(String(written)) ?? []
    const bps = Number(count) * (unitBits[unit ?? ''] ?? Number.NaN)
    if (bps <= 1e12) return bps
    context.addIssue({ code: 'custom', message: 'not a bit rate' })
    return z.NEVER
  }),
  'bit/s such as 500k or 10M, or 0 for no limit',
  '<bit/s>',
)

/** An address, a network or the name of a special range, as `AddressFilter` has them. */
export const addressRule = value(
  z.string().refine(rule => {
    try {
      return new AddressFilter({ allow: [rule] }) !== undefined
    } catch (error) {
      if (error instanceof AddressError) return false
      throw error
    }
  }),
  'an address, a network such as 10.1.0.0/16, or the name of a special range such as private or loopback',
  '<network>',
)

export const sharedSecret: Kind<string> = {
  ...value(z.string().min(16).max(256), 'a secret of 16 to 256 characters without commas', '<secret>'),
  secret: true,
}

/** `name:password`; what is before the first colon is the name. */
export const namedPassword: Kind<string> = {
  ...value(z.string().regex(/^[^:]{1,128}:.{1,256}$/s), 'a name and a password as name:password', '<name:password>'),
  secret: true,
}
