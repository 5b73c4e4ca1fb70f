import { AddressFilter, type AddressRules, IpAddress } from '@parley/stun'

/**
 * `own`: an address of this machine, at which nothing but other people's relayed addresses may be reached.
 */
export type PeerVerdict = 'allowed' | 'own' | 'denied'

/**
 * To which addresses may be relayed. Special ranges may not (private, loopback, link-local, …), nor this machine's own
 * addresses, unless an operator's rule allows them by name.
 */
export class PeerPolicy {
  readonly #filter: AddressFilter
  readonly #named: AddressFilter
  readonly #own: ReadonlySet<string>

  /** @param own Every address that leads to this machine. Throws AddressError for a rule that means nothing. */
  constructor(rules: AddressRules, own: readonly string[]) {
    this.#filter = new AddressFilter(rules)
    this.#named = new AddressFilter({ ...rules, deny: [...(rules.deny ?? []), '0.0.0.0/0', '::/0'] })
    this.#own = new Set(own.map(text => IpAddress.parse(text).toString()))
  }

  check(address: IpAddress): PeerVerdict {
    if (this.#named.check(address).allowed) return 'allowed'
    if (this.#own.has(address.toString())) return 'own'
    return this.#filter.check(address).allowed ? 'allowed' : 'denied'
  }
}
