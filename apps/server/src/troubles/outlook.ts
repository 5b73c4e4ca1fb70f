import { lookup } from 'node:dns/promises'
import type { Config } from '../config/options.ts'
import { systemCode } from '../failure.ts'
import { ownAddresses } from '../reachability/machine.ts'
import { isPrivate } from '../reachability/ranges.ts'
import { type Finding, note } from './finding.ts'
import { checkDomain, checkPublicAddress } from './public-address.ts'
import { type ThisServer, whoAnswers } from './who-answers.ts'

export interface Outlook extends ThisServer {
  /** Names and addresses by which guests have called. */
  readonly called: ReadonlySet<string>
  readonly ports: string
}

/** Whether the public addresses and the name lead here, tried as a guest would. */
export async function lookFromOutside({ publicIp, domain, trustProxy }: Config, { called, ports, ...server }: Outlook) {
  const own = ownAddresses()
  const addresses = publicIp.map(async address => {
    const local = own.includes(address)
    const answering = local ? 'this server' : await whoAnswers(address, server)
    return checkPublicAddress(address, { local, answering, called: called.has(address), ports })
  })
  const named = async (domain: string): Promise<Finding> => {
    const found = await addressesOf(domain)
    if (!found) {
      return note(
        `name ${domain}`,
        'DNS does not answer here',
        'Let this machine ask DNS, and look again: parley doctor.',
      )
    }
    const known = [...publicIp, ...own]
    const here = found.some(address => known.includes(address))
    const answering = here || found.length === 0 ? 'nobody' : await whoAnswers(domain, server)
    return checkDomain(domain, {
      addresses: found,
      own: known.filter(address => !isPrivate(address)),
      answering,
      proxied: trustProxy,
    })
  }
  const [domains, ...checked] = await Promise.all([
    domain === undefined ? [] : named(domain).then(one => [one]),
    ...addresses,
  ])
  return { domain: domains, addresses: checked }
}

/** Undefined: DNS does not answer, so nothing is known about the name. */
async function addressesOf(name: string): Promise<string[] | undefined> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address)
  } catch (error) {
    if (systemCode(error) === undefined) throw error
    return systemCode(error) === 'ENOTFOUND' ? [] : undefined
  }
}
