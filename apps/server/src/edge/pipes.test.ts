// A room that outgrows its worker, in a real edge process with two, on real sockets.
import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { remote, sfuPort, startEdge, whipPort } from '@parley/edge'
import { type IceCredentials, newIceCredentials } from '@parley/sfu'
import { ClientGroup, SfuClient, type SfuClientOptions } from '@parley/sfu/testing'
import { Address, createLoop } from '@parley/udp'
import { afterEach, expect, it } from 'vitest'
import { defaults } from '../config/options.ts'
import { silentLog } from '../log/log.ts'
import { surroundings } from '../reachability/surroundings.ts'
import { edgeConfig } from './edge-config.ts'

/** Begins a key frame of VP8, and a frame that is none. */
const vp8 = { key: [0x10, 0x00, 0x9d, 0x01, 0x2a], delta: [0x10, 0x01, 0x00, 0x00, 0x00] } as const

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start() {
  const nothing = () => {}
  const came: string[] = []
  const options = { ...defaults, host: '127.0.0.1', dataDir: '' }
  const around = surroundings(options, { addresses: [], local: ['127.0.0.1'] })
  const settings = { secrets: [], port: 0, mayMove: false, handover: undefined, media: true }
  const edge = await startEdge({
    config: { ...edgeConfig(options, around, settings), media: { workers: 2, enoughTracks: 1 } },
    log: silentLog(),
    media: {
      signaling: { send: nothing, quality: nothing, speakers: nothing, lost: nothing },
      guests: { came: (_, id) => came.push(id), gone: nothing, excess: nothing, unserved: nothing, lost: nothing },
    },
  })
  const loop = createLoop({ onError: error => expect.unreachable(String(error)) })
  const clients = new ClientGroup()
  loop.attach(clients)
  const dtls = new DtlsContext(makeDtlsCertificate())
  open.push({ close: () => edge.stop() }, dtls, loop, clients)
  return {
    came,
    whip: remote(whipPort, () => edge.mailbox),
    sfu: remote(sfuPort, () => edge.mailbox),
    media: async () => (await edge.counters())?.sfu?.media,
    offer: (direction: 'sendonly' | 'recvonly') => offer(newIceCredentials(), dtls.fingerprint.value, direction),
    /** Connects as the answer says; the port is the worker's. */
    connect({ local, answer }: { local: IceCredentials; answer: string }, onRtp?: SfuClientOptions['onRtp']) {
      const find = (pattern: RegExp) => pattern.exec(answer)?.[1] ?? ''
      const port = Number(find(/^a=candidate:\S+ 1 udp \d+ \S+ (\d+) /im))
      const remote = {
        ice: { ufrag: find(/^a=ice-ufrag:(\S+)/m), password: find(/^a=ice-pwd:(\S+)/m) },
        fingerprints: [{ algorithm: 'sha-256' as const, value: find(/^a=fingerprint:sha-256 (\S+)/m) }],
      }
      const server = Address.parse('127.0.0.1', port)
      const client = new SfuClient({ loop, address: '127.0.0.1', server, local, dtls, remote, ...(onRtp && { onRtp }) })
      clients.add(client)
      client.start(loop.now())
      return { client, port }
    },
  }
}

function offer(local: IceCredentials, fingerprint: string, direction: 'sendonly' | 'recvonly') {
  const sdp = [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0'],
    ...['m=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:0', `a=${direction}`, 'a=rtcp-mux'],
    ...['a=setup:actpass', `a=ice-ufrag:${local.ufrag}`, `a=ice-pwd:${local.password}`],
    ...[`a=fingerprint:sha-256 ${fingerprint}`, 'a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack pli', ''],
  ].join('\r\n')
  return { local, sdp }
}

function sendRtp(by: SfuClient, sequenceNumber: number, payload: readonly number[]): void {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(0x8060, 0)
  header.writeUInt16BE(sequenceNumber, 2)
  header.writeUInt32BE(sequenceNumber * 3000, 4)
  header.writeUInt32BE(0xcafe, 8)
  const at = by.reserve(header.length + payload.length)
  by.outgoing.set(header, at)
  by.sendRtp(at, at + header.length, new Uint8Array(payload), 0, payload.length)
}

it.runIf(process.platform === 'linux')(
  'people on another worker get a track through one pipe, which closes behind the last of them',
  async () => {
    const { came, whip, sfu, media, offer, connect } = await start()
    const sending = offer('sendonly')
    const published = await whip.publish('studio', 'camera', sending.sdp)
    const camera = connect({ local: sending.local, answer: published.sdp })
    await expect.poll(() => came).toContain('camera')
    sfu.seat('studio', { id: 'camera', subscribe: false, tracks: [...published.tracks] })

    const screens = await Promise.all(
      ['one', 'two', 'three'].map(async name => {
        const { local, sdp } = offer('recvonly')
        const { sdp: answer } = await whip.play('studio', name, sdp, null)
        const got: number[] = []
        const { client, port } = connect({ local, answer }, ({ sequenceNumber }) => got.push(sequenceNumber))
        await expect.poll(() => client.connected).toBe(true)
        return { name, got, port }
      }),
    )
    const elsewhere = screens.filter(({ port }) => port !== camera.port)
    expect(elsewhere.length).toBeGreaterThan(0)

    let number = 0
    const play = () => {
      number++
      sendRtp(camera.client, number, number % 10 === 0 ? vp8.key : vp8.delta)
      return screens.every(({ got }) => got.length >= 30)
    }
    await expect.poll(play, { interval: 5, timeout: 20_000 }).toBe(true)
    for (const { got } of screens) {
      const [first = 0] = got
      expect(got).toEqual(got.map((_, i) => (first + i) & 0xffff))
    }
    const counters = await media()
    expect(counters).toMatchObject({ pipes: 1, publications: 2, subscriptions: 3, pipedBad: 0 })
    expect(counters?.pipedIn).toBeGreaterThanOrEqual(30)
    expect(counters?.pipedOut).toBeLessThanOrEqual(number)
    expect(counters?.keyFrameRequests).toBeGreaterThan(0)

    for (const { name } of elsewhere) sfu.unseat('studio', name)
    await expect.poll(media).toMatchObject({ pipes: 0, publications: 1, subscriptions: 3 - elsewhere.length })
  },
  120_000,
)
