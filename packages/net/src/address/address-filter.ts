import { AddressError } from './address-error.ts'
import { Cidr } from './cidr.ts'
import { embeddedIpv4 } from './embedded-ipv4.ts'
import type { IpAddress } from './ip-address.ts'
import { ownSpecialRange, specialRanges } from './special-ranges.ts'

type AddressVerdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

/** What an operator wrote: an address, a network in CIDR notation, or the name of a special range. */
export interface AddressRules {
  readonly allow?: readonly string[]
  readonly deny?: readonly string[]
}

interface Rule {
  readonly cidr: Cidr
  readonly text: string
  readonly allow: boolean
}

const allowed: AddressVerdict = { allowed: true }

/**
 * Decides which addresses may be sent to. Special ranges may not, anything else may; of several rules the narrowest
 * decides, and of equally narrow ones a denial. So `allow 10.0.0.0/8` opens that private network, but `allow 0.0.0.0/0`
 * opens no special range: each must be named, or covered by a rule no wider than it. An address that carries IPv4 (mapped,
 * 6to4, NAT64, …) is allowed only if it is and the IPv4 inside is too.
 *
 * @example
 * const filter = new AddressFilter({ allow: ['private'], deny: ['10.0.0.1'] })
 * filter.check(IpAddress.parse('::ffff:10.0.0.1')) // { allowed: false, reason: '10.0.0.1 is denied by 10.0.0.1' }
 */
export class AddressFilter {
  readonly #narrowestFirst: readonly Rule[]

  /** Throws {@link AddressError} for a rule that means nothing. */
  constructor({ allow = [], deny = [] }: AddressRules = {}) {
    const rules = [
      ...deny.flatMap(text => networks(text).map(cidr => ({ cidr, text, allow: false }))),
      ...allow.flatMap(text => networks(text).map(cidr => ({ cidr, text, allow: true }))),
    ]
    this.#narrowestFirst = rules.sort((a, b) => b.cidr.prefixLength - a.cidr.prefixLength)
  }

  check(address: IpAddress): AddressVerdict {
    for (const face of [address, ...embeddedIpv4(address)]) {
      const reason = this.#objection(face)
      if (reason !== undefined) return { allowed: false, reason }
    }
    return allowed
  }

  #objection(address: IpAddress): string | undefined {
    const rule = this.#narrowestFirst.find(({ cidr }) => cidr.contains(address))
    const range = ownSpecialRange(address)
    if (rule && rule.cidr.prefixLength >= (range?.cidr.prefixLength ?? 0)) {
      return rule.allow ? undefined : `${address} is denied by ${rule.text}`
    }
    return range && `${address} is ${range.name} (${range.cidr})`
  }
}

function networks(rule: string): Cidr[] {
  const named = specialRanges.filter(({ name }) => name === rule).map(({ cidr }) => cidr)
  if (named.length > 0) return named
  if (/^[a-z][\w-]*$/i.test(rule)) {
    const names = [...new Set(specialRanges.map(({ name }) => name))].join(', ')
    throw new AddressError(`'${rule}' is not a range that has a name; there are ${names}`)
  }
  const cidr = Cidr.parse(rule)
  // A mapped network means the IPv4 network: denying it must deny both.
  const ipv4 = cidr.network.unmapped()
  return ipv4 === cidr.network || cidr.prefixLength < 96 ? [cidr] : [Cidr.of(ipv4, cidr.prefixLength - 96)]
}
