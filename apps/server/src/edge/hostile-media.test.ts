// What guests who mean harm do to the SFU, in a real edge process and on real sockets.
import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { remote, startEdge, whipPort } from '@parley/edge'
import { newIceCredentials } from '@parley/sfu'
import { ClientGroup, overTcp, SfuClient, type SfuClientOptions, withoutDtls } from '@parley/sfu/testing'
import { Address, createLoop } from '@parley/udp'
import { afterEach, expect, it } from 'vitest'
import { defaults } from '../config/options.ts'
import { silentLog } from '../log/log.ts'
import { surroundings } from '../reachability/surroundings.ts'
import { edgeConfig } from './edge-config.ts'

/** What one source may have of handshakes that are not done. */
const most = 12

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

/** A whole edge, and clients of it who publish. */
async function start() {
  const nothing = () => {}
  const guests = { came: nothing, gone: nothing, excess: nothing, unserved: nothing, lost: nothing }
  const signaling = { send: nothing, quality: nothing, speakers: nothing, lost: nothing }
  const options = { ...defaults, host: '127.0.0.1', dataDir: '' }
  const around = surroundings(options, { addresses: [], local: ['127.0.0.1'] })
  const settings = { secrets: [], port: 0, mayMove: false, handover: undefined, media: true }
  const config = edgeConfig(options, around, settings)
  const edge = await startEdge({
    config: { ...config, media: { workers: 1, handshakesOfSource: most } },
    log: silentLog(),
    media: { signaling, guests },
  })
  const whip = remote(whipPort, () => edge.mailbox)
  const loop = createLoop({ onError: error => expect.unreachable(String(error)) })
  const clients = new ClientGroup()
  loop.attach(clients)
  const dtls = new DtlsContext(makeDtlsCertificate())
  open.push({ close: () => edge.stop() }, dtls, loop, clients)
  const server = Address.parse('127.0.0.1', edge.port)
  let ids = 0
  return {
    tcp: overTcp(loop, server),
    async handshakes() {
      const { handshakes, handshakesRefused, handshakesGaveWay } = (await edge.counters())?.sfu?.media ?? {}
      return { handshakes, handshakesRefused, handshakesGaveWay }
    },
    /** Somebody who publishes from that address. */
    async come(address: string, by: SfuClientOptions['loop']): Promise<SfuClient> {
      const local = newIceCredentials()
      const sdp = offer(local, dtls.fingerprint.value)
      const answer = await whip.publish('studio', `guest-${++ids}`, sdp)
      const find = (pattern: RegExp) => pattern.exec(answer.sdp)?.[1] ?? ''
      const remote = {
        ice: { ufrag: find(/^a=ice-ufrag:(\S+)/m), password: find(/^a=ice-pwd:(\S+)/m) },
        fingerprints: [{ algorithm: 'sha-256' as const, value: find(/^a=fingerprint:sha-256 (\S+)/m) }],
      }
      const client = new SfuClient({ loop: by, address, server, local, dtls, remote })
      clients.add(client)
      client.start(loop.now())
      return client
    },
  }
}

function offer({ ufrag, password }: { ufrag: string; password: string }, fingerprint: string): string {
  return [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0'],
    ...['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sendonly', 'a=rtcp-mux'],
    ...['a=setup:actpass', `a=ice-ufrag:${ufrag}`, `a=ice-pwd:${password}`, `a=fingerprint:sha-256 ${fingerprint}`],
    ...['a=rtpmap:111 opus/48000/2', ''],
  ].join('\r\n')
}

it.runIf(process.platform === 'linux')(
  'whoever comes over TCP and finishes no handshake takes the places of their own address alone',
  async () => {
    const { come, tcp, handshakes } = await start()
    const silent = withoutDtls(tcp)
    await Promise.all(Array.from({ length: most }, () => come('127.0.0.9', silent)))
    const full = { handshakes: most, handshakesRefused: 0, handshakesGaveWay: 0 }
    await expect.poll(handshakes).toEqual(full)
    const honest = await come('127.0.0.2', tcp)
    await expect.poll(() => honest.connected).toBe(true)
    // Nobody had to give way for it, and it was not sent away: it is counted apart.
    expect(await handshakes()).toEqual(full)
    await come('127.0.0.9', silent)
    await expect.poll(handshakes).not.toEqual(full)
  },
)
