import type { Filtering, Mapping } from '@parley/nat'
import { Encoder, Message, natDiscovery, stun } from '@parley/stun'
import { Address } from '@parley/udp'
import type { DiscoveryFindings } from '../discovery/client/judge.ts'
import { NatDiscovery, type NatDiscoveryOptions } from '../discovery/client/nat-discovery.ts'
import { toTransportAddress } from '../server/addresses.ts'

/** Of what a simulated NAT is made. */
interface SimulatedNat {
  readonly mapping: Exclude<Mapping, 'dependent'>
  readonly filtering: Filtering
  readonly hairpins?: boolean
  /** How long a mapping lives without traffic; default: for ever. */
  readonly lifetimeMs?: number
}

interface SimulatedServer {
  /** Default: another address, as RFC 5780 has it. */
  readonly other?: 'host and port' | 'port' | 'none'
  /** Where OTHER-ADDRESS says so but nothing is there. */
  readonly otherIsDead?: boolean
  readonly ignoresChange?: boolean
  readonly refuses?: readonly ('change-request' | 'response-port')[]
  readonly blocked?: boolean
}

export interface Datagram {
  readonly from: Address
  readonly to: Address
  readonly bytes: Uint8Array
}

interface SimulationOptions extends Partial<Pick<NatDiscoveryOptions, 'lifetime' | 'second'>> {
  /** Undefined: none, the machine has a public address. */
  readonly nat?: SimulatedNat
  /** What a machine without NAT lets in. Default: everything. */
  readonly firewall?: Filtering
  readonly server?: SimulatedServer
  /** Whether a datagram on its way from or to the machine is lost. */
  readonly loses?: (datagram: Datagram, index: number) => boolean
  /** Sees every answer before it is delivered; what it returns comes in instead. */
  readonly tampers?: (datagram: Datagram) => readonly Datagram[]
}

export const primary = Address.parse('198.51.100.1', 3478)
const alternate = { 'host and port': Address.parse('198.51.100.2', 3479), port: Address.parse('198.51.100.1', 3479) }
const outside = '203.0.113.7'
const latencyMs = 20

interface Binding {
  readonly inside: Address
  readonly outside: Address
  readonly key: string
  readonly sentTo: Set<string>
  usedAt: number
}

interface Simulated {
  readonly findings: DiscoveryFindings
  readonly tookMs: number
  readonly sent: number
  readonly discovery: NatDiscovery
}

/** Runs a whole discovery in virtual time against a server behind a simulated NAT. */
export function simulate(options: SimulationOptions = {}): Simulated {
  const { nat, firewall = 'endpoint-independent', server: serverOptions = {}, loses = () => false } = options
  const { other: kindOfOther = 'host and port' } = serverOptions
  const other = kindOfOther === 'none' ? undefined : alternate[kindOfOther]
  const pending: { at: number; deliver: () => void }[] = []
  const bindings: Binding[] = []
  const locals = new Map<string, Address>()
  const filters = new Map<Filtering, (to: Address) => string>([
    ['endpoint-independent', () => ''],
    ['address-dependent', to => to.host],
    ['address-and-port-dependent', to => to.key],
  ])
  const filterKey = (to: Address) => filters.get(nat?.filtering ?? firewall)?.(to) ?? ''
  const mappingKey = (to: Address) => (nat ? (filters.get(nat.mapping)?.(to) ?? '') : '')
  let now = 1000
  let sent = 0
  let packets = 0
  let findings: DiscoveryFindings | undefined
  let nextPort = 20_000

  const local = (name: string) => {
    const known = locals.get(name)
    if (known) return known
    const made = Address.parse(nat ? '10.0.0.2' : outside, 5000 + locals.size)
    locals.set(name, made)
    return made
  }
  const later = (deliver: () => void) => pending.push({ at: now + latencyMs, deliver })
  const alive = (binding: Binding) => now - binding.usedAt <= (nat?.lifetimeMs ?? Number.POSITIVE_INFINITY)
  const isLost = (datagram: Datagram) => loses(datagram, packets++)

  function bindingFor(inside: Address, to: Address): Binding {
    const key = `${inside} ${mappingKey(to)}`
    const known = bindings.find(binding => binding.key === key && alive(binding))
    if (known) return known
    const mapped = nat ? Address.parse(outside, nextPort++) : inside
    const made = { inside, outside: mapped, key, sentTo: new Set<string>(), usedAt: now }
    bindings.push(made)
    return made
  }

  function send(name: string, bytes: Uint8Array, to: Address): void {
    sent++
    const binding = bindingFor(local(name), to)
    binding.usedAt = now
    binding.sentTo.add(filterKey(to))
    const datagram = { from: binding.outside, to, bytes }
    if (isLost(datagram)) return
    if (to.host === outside) {
      if (nat?.hairpins || !nat) later(() => comeIn(datagram))
    } else later(() => serve(datagram))
  }

  /** A datagram at the outside of the NAT. */
  function comeIn(datagram: Datagram): void {
    const binding = bindings.find(({ outside, ...rest }) => outside.equals(datagram.to) && alive({ outside, ...rest }))
    if (!binding?.sentTo.has(filterKey(datagram.from))) return
    binding.usedAt = now
    const name = [...locals].find(([, address]) => address.equals(binding.inside))?.[0]
    if (name !== undefined) discovery.receive(name, datagram.bytes, datagram.from, now)
  }

  function serve({ from, to, bytes }: Datagram): void {
    const isOther = other !== undefined && (to.host === other.host || to.port === other.port) && !to.equals(primary)
    const isSecond = options.second?.equals(to) === true
    if (serverOptions.blocked || !(to.equals(primary) || isSecond || (isOther && !serverOptions.otherIsDead))) return
    const request = Message.decode(bytes)
    const change = request.get(natDiscovery.changeRequest)
    const responsePort = request.get(natDiscovery.responsePort)
    const refused =
      (change && serverOptions.refuses?.includes('change-request')) ||
      (responsePort !== undefined && serverOptions.refuses?.includes('response-port'))
    const encoder = new Encoder(new Uint8Array(200)).reply(request, refused ? 'error' : 'success')
    if (refused) encoder.add(stun.errorCode, { code: 420, reason: '' })
    else {
      encoder.add(stun.xorMappedAddress, toTransportAddress(from))
      if (other) encoder.add(natDiscovery.otherAddress, toTransportAddress(other))
    }
    const grant = change && other && !serverOptions.ignoresChange && !refused
    if (grant && serverOptions.otherIsDead) return
    const answerFrom = Address.from(
      (grant && change.changeIp ? other : to).bytes(),
      grant && change.changePort ? other.port : to.port,
    )
    const answerTo = responsePort === undefined || refused ? from : Address.from(from.bytes(), responsePort)
    const answer = { from: answerFrom, to: answerTo, bytes: encoder.finish() }
    for (const one of options.tampers?.(answer) ?? [answer]) if (!isLost(one)) later(() => comeIn(one))
  }

  const discovery = new NatDiscovery({
    server: primary,
    ...(options.second && { second: options.second }),
    ...(options.lifetime && { lifetime: true }),
    send,
    local,
    done(found) {
      if (findings) throw new Error('done twice')
      findings = found
    },
  })
  const begun = now
  discovery.start(now)
  while (!findings) {
    const next = pending.sort((a, b) => a.at - b.at)[0]
    const at = Math.min(discovery.nextTimeout(), next?.at ?? Number.POSITIVE_INFINITY)
    if (at === Number.POSITIVE_INFINITY) throw new Error('it waits for nothing')
    now = at
    if (next && next.at <= at) {
      pending.shift()
      next.deliver()
    } else discovery.handleTimeout(now)
  }
  return { findings, tookMs: now - begun, sent, discovery }
}
