import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from './command.ts'
import { type NatKind, natRules } from './nat.ts'

/** A network namespace, which is a machine of its own as far as networking is concerned. */
export interface Host {
  /** For `ip netns exec <namespace> …`. */
  readonly namespace: string
  /** Its addresses, the first is the main one. */
  readonly addresses: readonly string[]
  /** The command line to put before a command so that it runs on this host. */
  readonly prefix: readonly string[]
  run(name: string, ...args: readonly string[]): Promise<string>
}

/** A host behind a NAT; `publicAddress` is what the outside sees. */
export interface InsideHost extends Host {
  readonly publicAddress: string
  /** Turns the NAT into another kind, and clears its mappings. */
  setNat(kind: NatKind): Promise<void>
}

/**
 * An internet of its own on this machine: a bridge, hosts with public addresses on it, hosts behind NATs. Made of network
 * namespaces, so nothing of it touches the machine's own network. Needs root, iproute2, nftables and conntrack.
 *
 * Its public addresses are in 203.0.113.0/24 (TEST-NET-3, RFC 5737), the inside ones in 10.77.0.0/16.
 */
export class Internet {
  readonly #id = randomBytes(3).toString('hex')
  readonly #namespaces: string[] = []
  /** Where what a host is sent leaves for it, by its namespace. */
  readonly #lines = new Map<string, readonly [name: string, device: string]>()
  #publicHosts = 10
  #insideHosts = 0

  static async create(): Promise<Internet> {
    const internet = new Internet()
    await internet.#namespace('wan')
    await internet.#in('wan', 'ip', 'link', 'add', 'bridge', 'type', 'bridge')
    await internet.#in('wan', 'ip', 'link', 'set', 'bridge', 'up')
    return internet
  }

  /** A host with `count` public addresses. */
  async publicHost(name: string, count = 1): Promise<Host> {
    const addresses = Array.from({ length: count }, () => `203.0.113.${this.#publicHosts++}`)
    await this.#namespace(name)
    const port = await this.#plug(name, 'eth0', addresses)
    this.#lines.set(this.#full(name), ['wan', port])
    return this.#host(name, addresses)
  }

  /** From now on what a host is sent passes a link of that rate, with a queue of 300 ms before it. */
  async narrow({ namespace }: Host, kbitPerSecond: number): Promise<void> {
    const [name, device] = this.#lines.get(namespace) ?? []
    if (!name || !device) throw new Error(`${namespace} is no host of this internet`)
    const shape = ['tbf', 'rate', `${kbitPerSecond}kbit`, 'burst', '4kb', 'latency', '300ms']
    await this.#in(name, 'tc', 'qdisc', 'replace', 'dev', device, 'root', ...shape)
  }

  /** A host behind a NAT of its own. */
  async natHost(name: string, kind: NatKind): Promise<InsideHost> {
    const number = ++this.#insideHosts
    const publicAddress = `203.0.113.${100 + number}`
    const gateway = `10.77.${number}.1`
    const inside = `10.77.${number}.2`
    const nat = `${name}-nat`
    await this.#namespace(nat)
    await this.#namespace(name)
    await this.#plug(nat, 'wan', [publicAddress])
    await this.#cable(nat, 'lan', name, 'eth0')
    this.#lines.set(this.#full(name), [nat, 'lan'])
    await this.#address(nat, 'lan', gateway)
    await this.#address(name, 'eth0', inside)
    await this.#in(name, 'ip', 'route', 'add', 'default', 'via', gateway)
    await this.#in(nat, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
    const setNat = async (next: NatKind) => {
      await this.#in(nat, 'nft', 'flush', 'ruleset')
      await this.#load(nat, natRules(next, inside))
      await this.#in(nat, 'conntrack', '-F')
    }
    await setNat(kind)
    return { ...this.#host(name, [inside]), publicAddress, setNat }
  }

  /** Removes all of it; processes in it must have ended. */
  async close(): Promise<void> {
    for (const namespace of this.#namespaces.splice(0)) await command('ip', 'netns', 'del', namespace)
  }

  #host(name: string, addresses: readonly string[]): Host {
    const namespace = this.#full(name)
    return {
      namespace,
      addresses,
      prefix: ['ip', 'netns', 'exec', namespace],
      run: (program, ...args) => command('ip', 'netns', 'exec', namespace, program, ...args),
    }
  }

  #full(name: string): string {
    return `parley-${this.#id}-${name}`
  }

  async #namespace(name: string): Promise<void> {
    await command('ip', 'netns', 'add', this.#full(name))
    this.#namespaces.push(this.#full(name))
    // Duplicate address detection takes a second or two, and when it ends, Chromium aborts its requests.
    await this.#in(name, 'sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0')
    await this.#in(name, 'ip', 'link', 'set', 'lo', 'up')
  }

  #in(name: string, ...words: readonly string[]): Promise<string> {
    return command('ip', 'netns', 'exec', this.#full(name), ...words)
  }

  /** Connects a host to the bridge, at the returned port. */
  async #plug(name: string, device: string, addresses: readonly string[]): Promise<string> {
    const port = `p${this.#namespaces.length}`
    await this.#cable('wan', port, name, device)
    await this.#in('wan', 'ip', 'link', 'set', port, 'master', 'bridge')
    for (const address of addresses) await this.#address(name, device, address)
    return port
  }

  /** A virtual cable between two namespaces, both ends up. */
  async #cable(left: string, leftDevice: string, right: string, rightDevice: string): Promise<void> {
    const peer = ['peer', 'name', rightDevice, 'netns', this.#full(right)]
    await command('ip', 'link', 'add', leftDevice, 'netns', this.#full(left), 'type', 'veth', ...peer)
    await this.#in(left, 'ip', 'link', 'set', leftDevice, 'up')
    await this.#in(right, 'ip', 'link', 'set', rightDevice, 'up')
  }

  async #address(name: string, device: string, address: string): Promise<void> {
    await this.#in(name, 'ip', 'address', 'add', `${address}/24`, 'dev', device)
  }

  async #load(name: string, rules: string): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-nft-'))
    const file = join(folder, 'rules.nft')
    await writeFile(file, rules)
    try {
      await this.#in(name, 'nft', '-f', file)
    } finally {
      await rm(folder, { recursive: true })
    }
  }
}
