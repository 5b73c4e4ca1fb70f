// Parsers of this package that have no fuzzing of their own beside them: nothing that comes may make them throw.

import { Address } from '@parley/udp'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { everyDatagram } from '../../stun/testdata/corpus.ts'
import { mutations } from '../../stun/testdata/mutate.ts'
import { makeCredential, restCredentials } from './credentials/rest.ts'
import { discoveryRetransmission, Transactions } from './discovery/client/transactions.ts'
import { Nonces } from './server/nonce.ts'

const server = Address.parse('203.0.113.1', 3478)

it('the answers to NAT discovery', () => {
  let request = new Uint8Array(20)
  const transactions = new Transactions({
    send(_port, bytes) {
      request = new Uint8Array(bytes)
    },
    retransmission: discoveryRetransmission,
  })
  const outcomes = new Set<string>()
  for (const [index, datagram] of everyDatagram().entries()) {
    for (const mutation of mutations(datagram, 200, index)) {
      if (transactions.size === 0) transactions.start({ port: 'a', to: server }, 0, ({ is }) => outcomes.add(is))
      // Under the ID that is waited for, or it would not be looked at.
      if (mutation.length >= 20) mutation.set(request.subarray(8, 20), 8)
      transactions.receive('a', mutation, server, 1)
    }
  }
  expect(outcomes).toContain('answer')
  expect(transactions.stray.malformed).toBeGreaterThan(1000)
})

it('user names of the REST convention', () => {
  const source = restCredentials(['key'])
  const good = makeCredential(['key'], 'ann', 100, 0).username
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(good)), name => {
      const found = source.find(name, 50_000)
      if (found) expect(found.user.length).toBeGreaterThan(0)
    }),
  )
  expect(source.find(good, 50_000)).toMatchObject({ user: 'ann' })
  expect(source.find(good, 100_000)).toMatchObject({ endedAt: 100_000 })
})

it('nonces', () => {
  const nonces = new Nonces()
  const flow = { client: server, transport: 'udp' } as const
  const right = nonces.make(flow, 0)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), text => {
      expect(nonces.check(text, flow, 0)).toBe('wrong')
    }),
  )
  fc.assert(
    fc.property(fc.nat(right.length - 1), fc.nat(255), (at, code) => {
      const changed = right.slice(0, at) + String.fromCharCode(code) + right.slice(at + 1)
      expect(nonces.check(changed, flow, 0)).toBe(changed === right ? 'right' : 'wrong')
    }),
  )
})
