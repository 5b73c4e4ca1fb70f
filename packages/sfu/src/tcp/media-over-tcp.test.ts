import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { Address, createLoop, type Loop, type UdpSocket } from '@parley/udp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { wantAll } from '../control.ts'
import { newIceCredentials } from '../ice/credentials.ts'
import { rtpPacket, sendRtp } from '../testing/call.ts'
import { ClientGroup } from '../testing/client-group.ts'
import { overTcp } from '../testing/over-tcp.ts'
import { RelayRouter } from '../testing/relay-router.ts'
import { SfuClient, type SfuClientOptions } from '../testing/sfu-client.ts'
import { MediaCore } from '../worker/media-core.ts'
import { streamKind } from './framing.ts'
import { emptyIceTcpCounters, IceTcpBridge } from './ice-tcp-bridge.ts'

const media = { kind: 'video', mid: '0', encodings: [], codecs: [], extensions: {} } as const
const subscribed = { mid: '0', ssrc: 1, rtxSsrc: undefined, cname: '', payloadTypes: [], extensions: {} } as const

let loop: Loop
let core: MediaCore
let worker: UdpSocket
let tcp: Server
let tcpAddress: Address
let clients: ClientGroup
const contexts: DtlsContext[] = []
const counters = emptyIceTcpCounters()
const errors: unknown[] = []
const kinds: string[] = []

beforeEach(async () => {
  loop = createLoop({ onError: error => errors.push(error) })
  const dtls = new DtlsContext(makeDtlsCertificate())
  const clientDtls = new DtlsContext(makeDtlsCertificate())
  contexts.push(dtls, clientDtls)
  core = new MediaCore({ dtls, outgoing: loop, router: new RelayRouter(), report: () => {} })
  clients = new ClientGroup()
  worker = loop.open({ address: '127.0.0.1', onDatagram: (datagram, now) => core.receive(datagram, now) })
  loop.attach({
    nextTimeout: () => Math.min(core.nextTimeout(), clients.nextTimeout()),
    handleTimeout: now => {
      core.handleTimeout(now)
      clients.handleTimeout(now)
    },
  })
  tcp = createServer(socket => {
    socket.once('data', first => {
      kinds.push(streamKind(first))
      socket.unshift(first)
      new IceTcpBridge(socket, { loop, worker: worker.local, bind: '127.0.0.1', counters })
    })
  }).listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const at = tcp.address()
  if (typeof at !== 'object' || !at) throw new Error('no port')
  tcpAddress = Address.parse(at.address, at.port)
})

afterEach(async () => {
  clients.close()
  tcp.close()
  core.close(loop.now())
  loop.close()
  for (const context of contexts.splice(0)) context.close()
  await expect.poll(() => counters.connections).toBe(0)
  expect(errors).toEqual([])
})

function join(id: number, over: Pick<SfuClientOptions, 'loop' | 'server'>, heard: number[]): SfuClient {
  const [dtls, clientDtls] = contexts as [DtlsContext, DtlsContext]
  const local = newIceCredentials()
  const client = new SfuClient({
    ...over,
    id,
    address: '127.0.0.1',
    dtls: clientDtls,
    remote: { ice: local, fingerprints: [dtls.fingerprint] },
    onRtp: ({ sequenceNumber }) => heard.push(sequenceNumber),
  })
  core.command({ is: 'open', transport: id, local, role: 'server', remote: client.description }, loop.now())
  clients.add(client)
  client.start(loop.now())
  return client
}

it('a client on TCP and one on UDP hear each other', async () => {
  const [byTcp, byUdp]: [number[], number[]] = [[], []]
  const one = join(1, { loop: overTcp(loop, tcpAddress), server: tcpAddress }, byTcp)
  const two = join(2, { loop, server: worker.local }, byUdp)
  await expect.poll(() => [core.counters().connected, one.connected, two.connected]).toEqual([2, true, true])
  expect(kinds).toEqual(['ice'])
  for (const [from, to] of [
    [1, 2],
    [2, 1],
  ] as const) {
    core.command({ is: 'publish', publication: from, transport: from, media }, loop.now())
    const row = { is: 'subscribe', subscription: from, transport: to, publication: from, want: wantAll } as const
    core.command({ ...row, media: { ...subscribed, feedback: [] } }, loop.now())
  }
  const numbers = Array.from({ length: 50 }, (_, i) => i)
  for (const i of numbers) {
    sendRtp(one, rtpPacket(i, 1, 1000))
    sendRtp(two, rtpPacket(i, 2, 1000))
    await expect.poll(() => [byTcp.length, byUdp.length], { interval: 0 }).toEqual([i + 1, i + 1])
  }
  expect(byTcp).toEqual(numbers)
  expect(byUdp).toEqual(numbers)
  expect(counters).toMatchObject({ connections: 1, dropped: 0, refused: 0 })
})
