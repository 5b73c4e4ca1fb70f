// coturn's own clients against our server, all on loopback.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePorts, run, startPeer, totals } from './coturn.ts'
import { type LocalTurn, startTurn } from './server.ts'

let turn: LocalTurn

beforeAll(async () => {
  turn = await startTurn()
})

afterAll(() => turn.close())

/** With a peer of its own: one that served several would lose messages. */
async function uclient(...args: readonly string[]): Promise<string> {
  const peerPort = await freePorts()
  const peer = await startPeer(peerPort)
  const to = ['-u', 'ann', '-w', 'secret', '-e', '127.0.0.1', '-r', String(peerPort), '-p', String(turn.port)]
  const { output } = await run('turnutils_uclient', [...to, ...args, '127.0.0.1']).finally(() => peer.kill())
  expect(turn.errors).toEqual([])
  return output
}

it('turnutils_stunclient learns its address', async () => {
  const { output } = await run('turnutils_stunclient', ['-p', String(turn.port), '127.0.0.1'])
  expect(output).toMatch(/UDP reflexive addr: 127\.0\.0\.1:\d+/)
})

// All of these take their time without much to do.
it.concurrent.each([
  ['channels over UDP', []],
  ['Send indications over UDP', ['-s']],
  ['channels over TCP', ['-t']],
  ['Send indications over TCP', ['-t', '-s']],
  ['client to client over UDP', ['-y']],
  ['client to client with Send indications', ['-y', '-s']],
  ['client to client over TCP', ['-y', '-t']],
  ['DONT-FRAGMENT', ['-g']],
  ['one port each, without RTCP', ['-c']],
])('turnutils_uclient: %s', async (_, args) => {
  const output = await uclient('-m', '2', '-n', '50', '-z', '5', '-l', '400', ...args)
  const { sent, received, lost } = totals(output)
  expect(sent).toBeGreaterThanOrEqual(100)
  expect([received, lost]).toEqual([sent, 0])
})

it.concurrent('turnutils_uclient: relays TCP from client to client (RFC 6062)', async () => {
  const { sent, received, lost } = totals(await uclient('-m', '4', '-n', '50', '-z', '5', '-l', '400', '-T'))
  expect(sent).toBeGreaterThanOrEqual(200)
  expect([received, lost]).toEqual([sent, 0])
})

it.concurrent.each([
  ['UDP', []],
  ['TCP', ['-t']],
])('20 clients × 1,000 messages over %s: nothing is lost', async (_, args) => {
  const output = await uclient('-m', '20', '-n', '1000', '-z', '20', '-l', '800', '-c', ...args)
  expect(totals(output)).toEqual({ sent: 20_000, received: 20_000, lost: 0 })
})
