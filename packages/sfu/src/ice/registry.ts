import { DecodeError, uint16At } from '@parley/bytes'
import { IpAddress } from '@parley/net'
import { Encoder, errorCodes, Message, messageType, stun } from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import type { Address, UdpSocket } from '@parley/udp'
import type { IceCredentials } from '../control.ts'
import { IceAgent, type IceAgentOptions, type IceBook, type Pair } from './agent.ts'
import { judgeCheck, type LocalSecret, protectionOf, ufragOf } from './check.ts'
import { emptyIceCounters, type IceCounters } from './counters.ts'
import { type Path, PathMap } from './path.ts'

const bindingRequest = messageType('request', 'binding')
/** Keep-alives, and responses to requests that we never send. */
const pointless = new Set([
  messageType('indication', 'binding'),
  messageType('success', 'binding'),
  messageType('error', 'binding'),
])
/** A path passes to another peer if the first was not heard on it for so long. Browsers check every 2.5 to 6 s. */
const contestedMs = 10_000

export interface IceAgentEvents {
  onPath(path: Path, now: number): void
  onLost(now: number): void
}

/**
 * The ICE agents of all transports. A check finds its agent by user name fragment, and later packets by their path. Only checked
 * paths are in here, so nothing is accepted from, or sent to, any other address.
 */
export class IceRegistry<Owner> {
  readonly #agents = new Map<string, IceAgent<Owner>>()
  readonly #paths = new PathMap<Pair<Owner>>()
  readonly #counters: IceCounters
  readonly #encoder = new Encoder(new Uint8Array(1280))
  readonly #book: IceBook<Owner> = {
    add: (ufrag, agent) => this.#add(ufrag, agent),
    remove: ufrag => this.#agents.delete(ufrag),
    claim: (pair, now) => this.#claim(pair, now),
    release: path => this.#paths.delete(path),
  }

  constructor(counters: IceCounters = emptyIceCounters()) {
    this.#counters = counters
  }

  /** Opens an agent. Throws if its user name fragment is taken. */
  open(owner: Owner, local: IceCredentials, { onPath, onLost }: IceAgentEvents): IceAgent<Owner> {
    const options: IceAgentOptions<Owner> = {
      owner,
      local,
      book: this.#book,
      onPath: (path, now) => {
        this.#counters.pathChanges++
        onPath(path, now)
      },
      onLost: now => {
        this.#counters.consentLost++
        onLost(now)
      },
    }
    return new IceAgent(options)
  }

  /** How many paths have been checked. */
  get paths(): number {
    return this.#paths.size
  }

  /** How many user name fragments lead to an agent. */
  get names(): number {
    return this.#agents.size
  }

  /** The checked path that a packet came from. Set its `heardAt` if the packet turns out to be authentic. */
  find(socket: UdpSocket, remote: Address): Pair<Owner> | undefined {
    return this.#paths.get(socket, remote)
  }

  /** Takes a STUN message. Returns false if it is not for one of our agents: perhaps a STUN or TURN server wants it. */
  receiveStun(bytes: Uint8Array, start: number, end: number, from: Address, socket: UdpSocket, now: number): boolean {
    const type = uint16At(bytes, start)
    if (type !== bindingRequest) return pointless.has(type) && this.#paths.get(socket, from) !== undefined
    let message: Message
    let ufrag: string | undefined
    try {
      message = Message.decode(bytes, start, end)
      ufrag = ufragOf(message)
    } catch (error) {
      if (error instanceof DecodeError) return false
      throw error
    }
    const agent = ufrag === undefined ? undefined : this.#agents.get(ufrag)
    const secret = ufrag === undefined ? undefined : agent?.secretOf(ufrag)
    if (!agent || !secret) return false
    this.#check(message, agent, secret, { socket, remote: from }, now)
    return true
  }

  #check(message: Message, agent: IceAgent<Owner>, secret: LocalSecret, path: Path, now: number): void {
    const counters = this.#counters
    const verdict = judgeCheck(message, secret)
    if (verdict.is === 'forged') {
      counters.checksForged++
    } else if (agent.recent.isReplay(message.transactionId, path.remote)) {
      counters.checksReplayed++
    } else if (verdict.is === 'refused') {
      counters.checksRefused++
      const encoder = this.#encoder.reply(message, 'error').add(stun.errorCode, errorCodes[verdict.error])
      // More would not fit, and would not help.
      if (verdict.error === 'unknownAttribute') encoder.add(stun.unknownAttributes, verdict.unknown.slice(0, 64))
      this.#answer(message, secret, path)
    } else if (!agent.checked(path, secret, verdict.nominates, now)) {
      counters.checksContested++
    } else {
      counters.checks++
      const { remote } = path
      const mapped = { address: IpAddress.from(remote.bytes()), port: remote.port }
      this.#encoder.reply(message, 'success').add(stun.xorMappedAddress, mapped)
      this.#answer(message, secret, path)
    }
  }

  /** Protects the response that was begun, and sends it. */
  #answer(message: Message, { key }: LocalSecret, { socket, remote }: Path): void {
    if (protectionOf(message) === 'sha1') this.#encoder.integrity(key, nodeCrypto)
    else this.#encoder.integritySha256(key, nodeCrypto)
    const reply = this.#encoder.fingerprint().finish()
    socket.send(reply, 0, reply.length, remote)
  }

  #add(ufrag: string, agent: IceAgent<Owner>): void {
    if (this.#agents.has(ufrag)) throw new Error(`there is an agent named ${ufrag} already`)
    this.#agents.set(ufrag, agent)
  }

  #claim(pair: Pair<Owner>, now: number): boolean {
    const holder = this.#paths.get(pair.socket, pair.remote)
    if (holder && holder.agent !== pair.agent) {
      if (now - holder.heardAt < contestedMs) return false
      holder.agent.forget(holder, now)
    }
    this.#paths.set(pair, pair)
    return true
  }
}
