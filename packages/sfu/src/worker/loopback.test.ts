import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { createLoop, type Loop } from '@parley/udp'
import { afterEach, expect, it } from 'vitest'
import { wantAll } from '../control.ts'
import { newIceCredentials } from '../ice/credentials.ts'
import { rtpPacket, sendRtp } from '../testing/call.ts'
import { ClientGroup } from '../testing/client-group.ts'
import { RelayRouter } from '../testing/relay-router.ts'
import { SfuClient } from '../testing/sfu-client.ts'
import { MediaCore } from './media-core.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close()
})

function openLoop(kind: 'batched' | 'portable'): Loop {
  const loop = createLoop(
    {
      onError: error => {
        throw error
      },
    },
    kind,
  )
  closing.push(() => loop.close())
  return loop
}

function newContext(): DtlsContext {
  const context = new DtlsContext(makeDtlsCertificate())
  closing.push(() => context.close())
  return context
}

it.each([
  ['batched', 20],
  ['portable', 3],
] as const)('over real sockets of a %s loop, media flows from one to %i others', async (kind, many) => {
  const loop = openLoop(kind)
  const dtls = newContext()
  const router = new RelayRouter()
  const core = new MediaCore({ dtls, outgoing: loop, router, report: () => {} })
  const socket = loop.open({
    address: '127.0.0.1',
    receiveBufferBytes: 1 << 20,
    sendBufferBytes: 1 << 20,
    onDatagram: (datagram, now) => core.receive(datagram, now),
  })
  loop.attach(core)

  const clientLoop = openLoop(kind)
  const clientDtls = newContext()
  const group = new ClientGroup()
  closing.push(() => group.close())
  const heard = new Map<number, number[]>()
  const clients = Array.from({ length: many + 1 }, (_, id) => {
    const local = newIceCredentials()
    const client = new SfuClient({
      id,
      loop: clientLoop,
      address: '127.0.0.1',
      server: socket.local,
      dtls: clientDtls,
      remote: { ice: local, fingerprints: [dtls.fingerprint] },
      onRtp: ({ sequenceNumber, payloadLength }, _now, { id }) => {
        expect(payloadLength).toBe(1000)
        heard.get(id)?.push(sequenceNumber)
      },
    })
    heard.set(id, [])
    core.command({ is: 'open', transport: id, local, role: 'server', remote: client.description }, loop.now())
    group.add(client)
    client.start(clientLoop.now())
    return client
  })
  clientLoop.attach(group)
  await expect.poll(() => core.counters().connected).toBe(many + 1)
  await expect.poll(() => clients.every(({ connected }) => connected)).toBe(true)

  const media = { kind: 'video', mid: '0', encodings: [], codecs: [], extensions: {} } as const
  core.command({ is: 'publish', publication: 1, transport: 0, media }, loop.now())
  for (let id = 1; id <= many; id++) {
    const subscribed = { mid: '0', ssrc: id, rtxSsrc: undefined, cname: '', payloadTypes: [], extensions: {} } as const
    const row = { is: 'subscribe', subscription: id, transport: id, publication: 1, want: wantAll } as const
    core.command({ ...row, media: { ...subscribed, feedback: [] } }, loop.now())
  }
  const packets = 300
  for (let i = 0; i < packets; i++) {
    const [publisher] = clients
    if (publisher) sendRtp(publisher, rtpPacket(i, 0xcafe, 1000))
    await expect
      .poll(() => clients.slice(1).every(({ id }) => heard.get(id)?.length === i + 1), { interval: 0 })
      .toBe(true)
  }
  const all = Array.from({ length: packets }, (_, i) => i)
  for (let id = 1; id <= many; id++) expect(heard.get(id)).toEqual(all)
  expect(core.counters()).toMatchObject({ rtpReceived: packets, rtpSent: packets * many, blocked: 0, forged: 0 })
})
