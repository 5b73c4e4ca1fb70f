import { AddressFilter, type AddressRules, embeddedIpv4, IpAddress } from '@parley/net'

/**
 * `own`: an address of this machine, at which nothing but other people's relayed addresses and {@link OwnService}s may be
 * reached.
 */
type PeerVerdict = 'allowed' | 'own' | 'denied'

/**
 * Decides which addresses clients may send to. Special ranges may not (private, loopback, link-local, …) unless an operator's rule
 * allows them; nor this machine's own addresses, unless a rule names just that address.
 */
export class PeerPolicy {
  readonly #filter: AddressFilter
  readonly #named: ReadonlySet<string>
  #own: ReadonlySet<string> = new Set()

  /** @param own Every address that leads to this machine. Throws AddressError for a rule that means nothing. */
  constructor(rules: AddressRules, own: readonly string[]) {
    this.#filter = new AddressFilter(rules)
    this.#named = new Set((rules.allow ?? []).map(singleHost).filter(host => host !== undefined))
    this.setOwn(own)
  }

  /** What leads to this machine from now on. Permissions that were given stay. */
  setOwn(own: readonly string[]): void {
    this.#own = new Set(own.map(text => hostOf(IpAddress.parse(text))))
  }

  /** Whether that leads to this machine. */
  isOwn(host: string): boolean {
    return this.#own.has(host)
  }

  check(address: IpAddress): PeerVerdict {
    const host = hostOf(address)
    const { allowed } = this.#filter.check(address)
    if (this.#own.has(host)) return allowed && this.#named.has(host) ? 'allowed' : 'own'
    // A translator or tunnel would bring it back to this machine.
    if (embeddedIpv4(address).some(inside => this.#own.has(hostOf(inside)))) return 'denied'
    return allowed ? 'allowed' : 'denied'
  }
}

/** An IPv4-mapped address is the IPv4 address that it is to the kernel. */
function hostOf(address: IpAddress): string {
  return String(address.unmapped())
}

function singleHost(rule: string): string | undefined {
  const [ip = '', length] = rule.split('/')
  if (!/^[\da-f.]*[.:][\da-f.:]*$/i.test(ip)) return undefined
  const address = IpAddress.parse(ip)
  return length === undefined || Number(length) === address.bytes.length * 8 ? hostOf(address) : undefined
}
