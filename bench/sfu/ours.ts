import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Track } from '@parley/protocol'
import { build } from 'esbuild'
import type { EdgeConfig, FromEdge, ToEdge } from '../../apps/server/src/edge/control.ts'
import type { FromSfu, WhipReply, WhipRequest } from '../../apps/server/src/edge/media-control.ts'
import { smallHeap } from '../../apps/server/src/edge/supervisor.ts'
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
  const child = fork(here('../.cache/sfu/edge.js'), { execArgv: [...smallHeap, ...profile] })
  const asked = new Map<number, (reply: WhipReply) => void>()
  const started = new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the edge process ended')))
    child.on('message', (message: FromEdge) => {
      if (message.is === 'started') resolve()
      else if (message.is === 'failed') reject(new Error(message.message))
      else if (message.is === 'mistake') console.error(message.stack ?? message.message)
      else if (message.is === 'sfu') hear(message.message)
    })
  })
  const tell = (message: ToEdge) => child.send(message)
  const published = new Map<string, readonly Track[]>()
  function hear(message: FromSfu): void {
    if (message.is === 'came') {
      const { room, id } = message
      const tracks = published.get(id) ?? []
      tell({
        is: 'sfu',
        message: { is: 'seat', room, seat: { id, subscribe: tracks.length === 0, tracks: [...tracks] } },
      })
    }
    if (message.is !== 'replied') return
    asked.get(message.ask)?.(message.reply)
    asked.delete(message.ask)
  }
  let asks = 0
  async function ask(room: number, request: WhipRequest): Promise<string> {
    const ask = ++asks
    const id = `p${ask}`
    const heard = new Promise<WhipReply>(resolve => asked.set(ask, resolve))
    tell({ is: 'sfu', message: { is: 'ask', ask, room: String(room), id, request } })
    const reply = await heard
    if (!reply.ok) throw new Error(reply.message)
    published.set(id, reply.tracks ?? [])
    return reply.sdp
  }

  tell({ is: 'start', config: { ...config, media: { workers } } })
  await started
  return {
    pid: child.pid ?? 0,
    publish: async (room, end, ssrc) => remoteEnd(await ask(room, { is: 'publish', sdp: sendingOffer(end, ssrc) })),
    play: async (room, end) => remoteEnd(await ask(room, { is: 'play', sdp: receivingOffer(end), of: undefined })),
    async close() {
      const exited = once(child, 'exit')
      tell({ is: 'stop' })
      await exited
    },
  }
}

async function bundle(): Promise<void> {
  await build({
    entryPoints: {
      edge: here('../../apps/server/src/edge/edge.ts'),
      'udp-thread': here('../../apps/server/src/edge/udp-thread.ts'),
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
