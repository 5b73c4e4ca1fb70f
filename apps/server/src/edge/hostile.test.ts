// What guests who mean harm do to STUN and TURN, on real sockets, and what honest ones beside them notice of it.
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { Encoder, transportProtocols, turn } from '@parley/stun'
import { makeCredential } from '@parley/turn'
import { afterEach, expect, it } from 'vitest'
import { tcpChannel, udpChannel } from '../doctor/channels.ts'
import { TurnClient } from '../doctor/turn-client.ts'
import { startTestServer } from '../testing.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const secret = 'a secret of this test'

/** A server with these options; returns the port of STUN and TURN. */
async function start(options: Parameters<typeof startTestServer>[0] = {}): Promise<number> {
  const server = await startTestServer({ udpPort: 0, turnSecret: [secret], ...options })
  open.push(server)
  if (!server.edge) throw new Error('no edge')
  return server.edge.port
}

async function client(way: typeof udpChannel, port: number, name: string): Promise<TurnClient> {
  const made = new TurnClient(await way('127.0.0.1', port), makeCredential([secret], name, 60, Date.now()))
  open.push(made)
  return made
}

it('60 people get relays while somebody floods in the name of their common address', async () => {
  const port = await start()
  const forged = new Encoder(new Uint8Array(100)).message('request', 'allocate')
  const bytes = forged.add(turn.requestedTransport, transportProtocols.udp).finish().slice()
  const flood = createSocket('udp4').bind(0, '127.0.0.1')
  open.push({ close: () => new Promise<void>(resolve => flood.close(resolve)) })
  const forge = () => new Promise<void>(resolve => flood.send(bytes, port, '127.0.0.1', () => resolve()))
  const people = await Promise.all(Array.from({ length: 60 }, (_, i) => client(udpChannel, port, `person-${i}`)))
  const tookMs: number[] = []
  for (const person of people) {
    const begun = performance.now()
    await Promise.all([person.allocate(), ...Array.from({ length: 300 }, forge)])
    tookMs.push(performance.now() - begun)
  }
  figure(`60 relays beside 18,000 forged requests: ${quantile(tookMs, 0.5)} ms, at most ${quantile(tookMs, 1)} ms`)
})

it.skipIf(process.platform !== 'linux')(
  '512 half-open TLS connections and as many silent ones to TURN leave room for others, and end',
  async () => {
    const server = await startTestServer({ udpPort: 0, turnSecret: [secret], firstByteMs: 500 })
    open.push(server)
    const ports = [server.port, server.edge?.port ?? 0]
    const knock = async (port: number, localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      open.push({ close: () => socket.destroy() })
      const ended = new Promise<'ended'>(resolve => socket.on('error', () => {}).once('close', () => resolve('ended')))
      await new Promise(resolve => socket.once('connect', resolve))
      return ended
    }
    const silent: Promise<'ended'>[] = []
    for (const port of ports) {
      for (let i = 0; i < 512; i++) silent.push(knock(port, '127.0.0.9'))
      expect(await knock(port, '127.0.0.9')).toBe('ended')
    }
    const begun = performance.now()
    const person = await client(tcpChannel, ports[1] ?? 0, 'ann')
    await person.allocate()
    expect((await server.ask('/healthz')).status).toBe(200)
    figure(`beside 1,024 silent connections: a relay and a page in ${Math.round(performance.now() - begun)} ms`)
    expect(new Set(await Promise.all(silent))).toEqual(new Set(['ended']))
  },
  40_000,
)

function quantile(values: readonly number[], part: number): number {
  return Math.round(
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] ?? 0,
  )
}

/** For the test's output, and for docs/security.md. */
function figure(text: string): void {
  process.stdout.write(`${text}\n`)
}
