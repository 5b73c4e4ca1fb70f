import type { Duplex } from 'node:stream'
import { setUint16At, uint16At } from '@parley/bytes'
import { IpAddress, type TransportAddress } from '@parley/net'
import {
  type Attribute,
  channelDataLength,
  Encoder,
  isChannelByte,
  longTermKey,
  Message,
  type Method,
  stun,
  transportProtocols,
  turn,
} from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import { Address, HEADROOM, TAILROOM } from '@parley/udp'
import type { Allocation, ClientFlow } from '../server/allocation.ts'
import type { Admit, FlowTransport } from '../server/flow.ts'
import type { TurnServer } from '../server/turn-server.ts'
import type { FakeNet } from './fake-net.ts'

export type Attributes = readonly (readonly [Attribute<never>, unknown])[]

/** One attribute of a request. */
export function attr<T>(attribute: Attribute<T>, value: T): readonly [Attribute<never>, unknown] {
  return [attribute as unknown as Attribute<never>, value]
}

export const udpTransport = attr(turn.requestedTransport, transportProtocols.udp)

/** `1.2.3.4:5` or `[2600::1]:5` as STUN's codecs take it. */
export function at(text: string): TransportAddress {
  const [, host = '', port = ''] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(text) ?? []
  return { address: IpAddress.parse(host), port: Number(port) }
}

/** A TURN client that speaks straight to a server, in virtual time. */
export class TestClient implements ClientFlow {
  readonly transport: FlowTransport
  readonly client: Address
  allocation: Allocation | undefined
  kept = 0
  username = 'ann'
  password = 'secret'
  integrity: 'sha1' | 'sha256' = 'sha1'
  nonce: string | undefined
  realm = 'turn'
  /** Data that came: by channel number or from a peer. */
  readonly got: { readonly via: number | string; readonly text: string }[] = []
  readonly replies: Message[] = []
  /** Data indications about ICMP errors. */
  readonly icmp: Message[] = []
  /** ConnectionAttempt indications. */
  readonly attempts: Message[] = []
  /** The peer's stream that is this one's now (RFC 6062). */
  joined: Duplex | undefined
  #admit: Admit | undefined
  readonly #server: TurnServer
  readonly #net: FakeNet

  constructor(net: FakeNet, server: TurnServer, address = '1.2.3.4:5000', transport: FlowTransport = 'udp') {
    this.#net = net
    this.#server = server
    const { address: ip, port } = at(address)
    this.client = Address.from(ip.bytes, port)
    this.transport = transport
  }

  send(bytes: Uint8Array, start: number, end: number): boolean {
    const copy = bytes.slice(start, end)
    if (isChannelByte(copy[0] ?? 0)) {
      const length = channelDataLength(copy, 0, copy.length)
      if (length < 0) throw new Error('broken ChannelData')
      this.got.push({ via: uint16At(copy, 0), text: new TextDecoder().decode(copy.subarray(4, 4 + length)) })
      return true
    }
    const message = Message.decode(copy)
    if (message.class !== 'indication') this.replies.push(message)
    else if (message.method === 'connectionAttempt') this.attempts.push(message)
    else if (message.has(turn.icmp)) this.icmp.push(message)
    else {
      const { address, port } = message.get(turn.xorPeerAddress) ?? at('0.0.0.0:0')
      const via = address.family === 4 ? `${address}:${port}` : `[${address}]:${port}`
      this.got.push({ via, text: new TextDecoder().decode(message.get(turn.data)) })
    }
    return true
  }

  keep(kept: boolean): void {
    this.kept += kept ? 1 : -1
  }

  join(peer: Duplex, admit: Admit): void {
    this.joined = peer
    this.#admit = admit
  }

  /** How many bytes of a joined stream may pass. */
  admit(bytes: number): number {
    return this.#admit?.(bytes, this.#net.now) ?? 0
  }

  /** Any bytes; what they lead to is delivered. */
  raw(bytes: Uint8Array): Message | undefined {
    const slab = new Uint8Array(HEADROOM + bytes.length + TAILROOM).fill(0xdd)
    slab.set(bytes, HEADROOM)
    this.replies.length = 0
    this.#server.receive(slab, HEADROOM, HEADROOM + bytes.length, this, this.#net.now)
    this.#net.deliver()
    return this.replies[0]
  }

  encode(method: Method, attributes: Attributes, authenticated: boolean, transactionId?: Uint8Array): Uint8Array {
    const encoder = new Encoder(new Uint8Array(16_384)).message('request', method, transactionId)
    for (const [attribute, value] of attributes) encoder.add(attribute, value as never)
    if (!authenticated) return encoder.finish().slice()
    const { username, realm, password } = this
    encoder
      .add(stun.username, username)
      .add(stun.realm, realm)
      .add(stun.nonce, this.nonce ?? '')
    const key = longTermKey({ username, realm, password }, nodeCrypto)
    if (this.integrity === 'sha1') encoder.integrity(key, nodeCrypto)
    else encoder.integritySha256(key, nodeCrypto)
    return encoder.finish().slice()
  }

  /** A request without credentials. */
  bare(method: Method, ...attributes: Attributes): Message | undefined {
    return this.raw(this.encode(method, attributes, false))
  }

  /** A request with credentials; the first asks for a nonce. */
  request(method: Method, ...attributes: Attributes): Message {
    if (this.nonce === undefined) {
      const padding = attr(turn.requestedTransport, transportProtocols.udp)
      this.nonce = this.bare('refresh', padding)?.get(stun.nonce)
    }
    const reply = this.raw(this.encode(method, attributes, true))
    if (!reply) throw new Error(`no answer to ${method}`)
    return reply
  }

  /** `ok` or the error's code. */
  ask(method: Method, ...attributes: Attributes): 'ok' | number {
    const reply = this.request(method, ...attributes)
    return reply.class === 'success' ? 'ok' : codeOf(reply)
  }

  /** Allocates, and returns the relayed address. */
  allocate(...attributes: Attributes): Address {
    return this.#relayed(this.request('allocate', udpTransport, ...attributes))
  }

  permit(...peers: string[]): 'ok' | number {
    return this.ask('createPermission', ...peers.map(peer => attr(turn.xorPeerAddress, at(peer))))
  }

  bind(channel: number, peer: string): 'ok' | number {
    return this.ask('channelBind', attr(turn.channelNumber, channel), attr(turn.xorPeerAddress, at(peer)))
  }

  refresh(lifetime: number): 'ok' | number {
    return this.ask('refresh', attr(turn.lifetime, lifetime))
  }

  sendTo(peer: string, text: string, dontFragment = false): void {
    const encoder = new Encoder(new Uint8Array(4096)).message('indication', 'send')
    encoder.add(turn.xorPeerAddress, at(peer)).add(turn.data, new TextEncoder().encode(text))
    if (dontFragment) encoder.add(turn.dontFragment, true)
    this.raw(encoder.finish())
  }

  sendOn(channel: number, text: string): void {
    const data = new TextEncoder().encode(text)
    const bytes = new Uint8Array(4 + data.length)
    setUint16At(bytes, 0, channel)
    setUint16At(bytes, 2, data.length)
    bytes.set(data, 4)
    this.raw(bytes)
  }

  #relayed(reply: Message): Address {
    const relayed = reply.get(turn.xorRelayedAddress)
    if (!relayed) throw new Error(`no relayed address: ${codeOf(reply)}`)
    return Address.from(relayed.address.bytes, relayed.port)
  }
}

export function codeOf(reply: Message | undefined): number {
  return reply?.get(stun.errorCode)?.code ?? 0
}
