import { bad, type Finding, good, note } from './finding.ts'

/** Who answers at an address where this server should be. */
export type Answering = 'this server' | 'another' | 'nobody'

export interface AddressFacts {
  /** Whether an interface of this machine has it. */
  readonly local: boolean
  readonly answering: Answering
  /** Whether a guest from elsewhere has reached the server by it. */
  readonly called: boolean
  /** The ports to forward, such as `tcp/8443, udp/3478`. */
  readonly ports: string
}

/** Whether an address of --public-ip leads here for guests. */
export function checkPublicAddress(address: string, { local, answering, called, ports }: AddressFacts): Finding {
  const check = `public address ${address}`
  if (local) return good(check, 'an address of this machine')
  if (answering === 'this server') return good(check, 'this server answers there')
  if (answering === 'another') {
    return bad(
      check,
      'another server answers there, so guests are sent to a stranger',
      `Is --public-ip right? ${right(ports)}`,
    )
  }
  if (called) return good(check, 'guests come by it')
  return bad(
    check,
    'no interface of this machine has it, and nobody answers there: guests from outside would wait for nothing',
    `Is --public-ip right? ${right(ports)} A router that answers from outside only is no harm: open the page from another network once, and this is settled.`,
  )
}

function right(ports: string): string {
  return `Your provider’s console, or any page that shows “my IP”, says which address this machine has outside. Let the router or the cloud forward ${ports} to this machine.`
}

export interface MissingFacts {
  /** Addresses outside the private ranges from which guests came. */
  readonly guests: number
  /** An address by which guests have reached the server, if any. */
  readonly calledBy: string | undefined
  readonly ports: string
}

/** Whether a public address is needed but not set: guests from the internet cannot send media to private addresses. */
export function checkMissingAddress({ guests, calledBy, ports }: MissingFacts): Finding {
  const check = 'public address'
  const suggestion = calledBy ?? '<the address by which they come>'
  if (guests === 0) {
    return note(check, 'none is set', 'For calls from the internet set --public-ip, and open the relay ports.')
  }
  const who = guests === 1 ? 'a guest came' : `${guests} guests came`
  return bad(
    check,
    `${who} from the internet, but this server knows private addresses of its own alone: media and relays do not reach them`,
    `Start with --public-ip ${suggestion}, and let the router or the cloud forward ${ports} to this machine.`,
  )
}

export interface DomainFacts {
  /** The addresses that the name resolves to. */
  readonly addresses: readonly string[]
  /** The addresses of this machine, and those of --public-ip. */
  readonly own: readonly string[]
  /** Who answers by the name. */
  readonly answering: Answering
  /** Whether a reverse proxy is in front, so that the name is the proxy's. */
  readonly proxied: boolean
}

/** Whether the name of --domain leads here. */
export function checkDomain(domain: string, { addresses, own, answering, proxied }: DomainFacts): Finding {
  const check = `name ${domain}`
  const wanted = own[0] ?? 'the public address of this machine'
  if (addresses.length === 0) {
    return bad(
      check,
      'DNS does not know it',
      `Add an A record (AAAA for IPv6) for it that says ${wanted}; it can take an hour to be known everywhere.`,
    )
  }
  const leads = addresses.join(', ')
  if (answering === 'this server' || addresses.some(address => own.includes(address)))
    return good(check, `leads to ${leads}`)
  if (proxied) return good(check, `leads to ${leads}, where the reverse proxy is`)
  return bad(
    check,
    `DNS says ${leads}, which is not this server`,
    `Change its A record (AAAA for IPv6) to ${wanted}. If ${addresses[0]} is right, say it with --public-ip, and let it be forwarded here; if it is a reverse proxy’s, say --trust-proxy.`,
  )
}
