import { Encoder, Message, shortTermKey } from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import { Address } from '@parley/udp'
import { expect } from 'vitest'
import type { IceCredentials } from '../../control.ts'
import { FakeNet } from '../../testing/fake-net.ts'
import { makeCheck } from '../../testing/prober.ts'
import type { IceAgent } from '../agent.ts'
import { emptyIceCounters } from '../counters.ts'
import { IceRegistry } from '../registry.ts'

export const here = Address.parse('192.0.2.1', 3478)
export const alice = Address.parse('198.51.100.7', 5000)
export const mobile = Address.parse('203.0.113.9', 6000)
export const mallory = Address.parse('203.0.113.66', 666)
export const ours: IceCredentials = { ufrag: 'ours', password: 'a password of ours, long' }
export const theirs: IceCredentials = { ufrag: 'theirs', password: 'a password of theirs, long' }

/** A server with the agents of some peers. */
export class Site {
  readonly net = new FakeNet()
  readonly counters = emptyIceCounters()
  readonly registry = new IceRegistry<string>(this.counters)
  readonly events: string[] = []
  readonly taken: boolean[] = []
  readonly socket = this.net.open({
    address: here.host,
    port: here.port,
    onDatagram: ({ bytes, start, end, from, socket }, now) => {
      this.taken.push(this.registry.receiveStun(bytes, start, end, from, socket, now))
    },
  })

  open(owner: string, local = ours): IceAgent<string> {
    return this.registry.open(owner, local, {
      onPath: ({ remote }) => this.events.push(`${owner} at ${remote}`),
      onLost: () => this.events.push(`${owner} lost`),
    })
  }

  /** Brings bytes from somewhere, and returns what goes back there. */
  bring(bytes: Uint8Array, from = alice): Message | undefined {
    this.net.log = []
    this.net.inject(bytes.slice(), from, here)
    const [reply] = this.net.log
    expect(this.net.log.length).toBeLessThanOrEqual(1)
    if (reply) expect(reply.to.key).toBe(from.key)
    return reply && Message.decode(reply.bytes)
  }

  check(from = alice, nominates = true, local = ours): Message | undefined {
    return this.bring(makeCheck({ local: theirs, remote: local, nominates }), from)
  }

  /** A request by hand, protected with a password unless there is none. */
  request(add: (encoder: Encoder) => void, password: string | false = ours.password, fingerprint = true) {
    const encoder = new Encoder(new Uint8Array(1000)).message('request', 'binding')
    add(encoder)
    if (password !== false) encoder.integrity(shortTermKey(password), nodeCrypto)
    if (fingerprint) encoder.fingerprint()
    return this.bring(encoder.finish())
  }

  pass(agent: IceAgent<string>, ms: number): void {
    this.net.now += ms
    if (agent.nextTimeout() <= this.net.now) agent.handleTimeout(this.net.now)
  }
}
