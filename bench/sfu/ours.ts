import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  type EdgeConfig,
  guestsPort,
  type Letter,
  Mailbox,
  processPort,
  remote,
  sfuPort,
  signalingPort,
  smallHeap,
  supervisorPort,
  whipPort,
} from '@parley/edge'
import type { AnnouncedTrack } from '@parley/protocol'
import { build } from 'esbuild'
import { receivingOffer, remoteEnd, sendingOffer } from './sdp.ts'
import type { SfuServer } from './server.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const config: EdgeConfig = {
  host: '127.0.0.1',
  port: 0,
  mayMove: true,
  handover: undefined,
  proxies: [],
  tcpPeerPorts: undefined,
  realm: 'bench',
  secrets: ['bench'],
  users: [],
  quotas: { perUser: 0, perSource: 0, total: 0, bandwidthBps: 0 },
  relayPorts: [20_000, 29_999],
  allowPeers: [],
  denyPeers: [],
  alternateServers: [],
  discovery: undefined,
  revoked: [],
  media: undefined,
  relays: [{ bind: '127.0.0.1', announce: '127.0.0.1' }],
  own: ['127.0.0.1'],
  mediaAddresses: [{ inside: '127.0.0.1', outside: undefined }],
}

/** Our edge process, bundled as it ships and directed as the main process directs it; clients come as by WHIP and WHEP. */
export async function startOurs(workers = 1): Promise<SfuServer> {
  await bundle()
  const results = here('../results')
  const profile = process.env.PARLEY_BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${results}`] : []
  const child = fork(here('../.cache/sfu/media-process.js'), { execArgv: [...smallHeap, ...profile] })
  const mailbox = new Mailbox({ post: letter => child.send(letter) })
  child.on('message', (letter: Letter) => mailbox.receive(letter))
  child.once('exit', () => mailbox.close('the media process ended'))
  const media = remote(processPort, () => mailbox)
  const sfu = remote(sfuPort, () => mailbox)
  const whip = remote(whipPort, () => mailbox)
  const published = new Map<string, readonly AnnouncedTrack[]>()
  const nothing = () => {}
  mailbox.serve(supervisorPort, { mistake: ({ stack, message }) => console.error(stack ?? message) })
  mailbox.serve(signalingPort, { send: nothing, quality: nothing, speakers: nothing })
  mailbox.serve(guestsPort, {
    came(room, id) {
      const tracks = published.get(id) ?? []
      sfu.seat(room, { id, subscribe: tracks.length === 0, tracks })
    },
    gone: nothing,
    excess: nothing,
    unserved: nothing,
  })
  let people = 0
  await media.start({ ...config, media: { workers } })
  return {
    pid: child.pid ?? 0,
    async publish(room, end, ssrc) {
      const id = `p${++people}`
      const { sdp, tracks } = await whip.publish(String(room), id, sendingOffer(end, ssrc))
      published.set(id, tracks)
      return remoteEnd(sdp)
    },
    async play(room, end) {
      const { sdp } = await whip.play(String(room), `p${++people}`, receivingOffer(end), null)
      return remoteEnd(sdp)
    },
    async close() {
      const exited = once(child, 'exit')
      media.stop()
      await exited
    },
  }
}

async function bundle(): Promise<void> {
  await build({
    entryPoints: {
      'media-process': here('../../packages/edge/src/media-process.ts'),
      worker: here('../../packages/edge/src/worker.ts'),
    },
    outdir: here('../.cache/sfu'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    splitting: true,
    sourcemap: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'external-packages',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            path.startsWith('@parley/') || kind === 'entry-point' ? undefined : { path, external: true },
          ),
      },
    ],
  })
}
