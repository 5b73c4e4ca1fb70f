import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { receivingAnswer, remoteEnd, sendingOffer } from './sdp.ts'
import type { SfuServer } from './server.ts'

const plugin = 'janus.plugin.videoroom'
const unused = {
  plugins: ['audiobridge', 'duktape', 'echotest', 'lua', 'nosip', 'recordplay', 'sip', 'streaming', 'textroom'],
  morePlugins: ['videocall', 'voicemail'],
  transports: ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'],
}

interface Message {
  readonly janus: string
  readonly transaction?: string
  readonly sender?: number
  readonly error?: { readonly reason: string }
  readonly data?: { readonly id: number }
  readonly plugindata?: { readonly data: { readonly id?: number; readonly error?: string } }
  readonly jsep?: { readonly sdp: string }
}

/**
 * Debian's Janus with its video room, without what is not used.
 * @param eventLoops Threads that carry media; 0: a thread for each connection, which is the default.
 */
export async function startJanus(eventLoops: number): Promise<SfuServer> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-janus-'))
  const port = await freePort()
  const without = (names: readonly string[]) => names.map(name => `libjanus_${name}.so`).join(',')
  writeFileSync(
    join(folder, 'janus.jcfg'),
    `general: { debug_level = ${process.env.JDEBUG ?? 2}, session_timeout = 0, plugins_folder = "/usr/lib/x86_64-linux-gnu/janus/plugins"
      ${eventLoops > 0 ? `event_loops = ${eventLoops}` : ''} }
    nat: { ice_tcp = false, full_trickle = false }
    plugins: { disable = "${without([...unused.plugins, ...unused.morePlugins])}" }
    transports: { disable = "${without(unused.transports)}" }
    loggers: { disable = "libjanus_jsonlog.so" }
    events: { broadcast = false }`,
  )
  writeFileSync(join(folder, 'janus.plugin.videoroom.jcfg'), 'general: {}')
  writeFileSync(
    join(folder, 'janus.transport.websockets.jcfg'),
    `general: { json = "compact", ws = true, ws_ip = "127.0.0.1", ws_port = ${port}, wss = false }\nadmin: { admin_ws = false }`,
  )
  const log = process.env.PARLEY_BENCH_VERBOSE ? 'inherit' : 'ignore'
  const child = spawn('janus', ['-F', folder], { stdio: ['ignore', log, log] })
  process.once('exit', () => child.kill('SIGKILL'))
  const api = await Janus.connect(`ws://127.0.0.1:${port}`)
  const feeds = new Map<number, number>()

  return {
    pid: child.pid ?? 0,
    async publish(room, end, ssrc) {
      const handle = await api.attach()
      await api.ask(handle, { request: 'create', room, publishers: 4, bitrate: 0, videocodec: 'vp8', fir_freq: 0 })
      const body = { request: 'joinandconfigure', room, ptype: 'publisher', display: 'bench' }
      const { plugindata, jsep } = await api.ask(handle, body, { type: 'offer', sdp: sendingOffer(end, ssrc) })
      feeds.set(room, plugindata?.data.id ?? 0)
      if (process.env.JDEBUG) console.log(jsep?.sdp)
      return remoteEnd(jsep?.sdp ?? '')
    },
    async play(room, end) {
      const handle = await api.attach()
      const join = { request: 'join', ptype: 'subscriber', room, streams: [{ feed: feeds.get(room) }] }
      const { jsep } = await api.ask(handle, join)
      const offer = jsep?.sdp ?? ''
      await api.ask(handle, { request: 'start', room }, { type: 'answer', sdp: receivingAnswer(end, offer) })
      return remoteEnd(offer, true)
    },
    async close() {
      api.close()
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}

/** A session of Janus's WebSocket API. */
class Janus {
  readonly #socket: WebSocket
  readonly #waiting = new Map<string, (message: Message) => void>()
  #session = 0
  #transactions = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', data => this.#hear(JSON.parse(String(data))))
  }

  /** Tries until Janus listens. */
  static async connect(url: string): Promise<Janus> {
    for (let attempt = 1; ; attempt++) {
      const socket = new WebSocket(url, 'janus-protocol')
      try {
        await once(socket, 'open')
        const janus = new Janus(socket)
        janus.#session = (await janus.#send({ janus: 'create' })).data?.id ?? 0
        return janus
      } catch (error) {
        if (attempt === 100) throw error
        await sleep(50)
      }
    }
  }

  async attach(): Promise<number> {
    return (await this.#send({ janus: 'attach', plugin })).data?.id ?? 0
  }

  ask(handle: number, body: object, jsep?: object): Promise<Message> {
    return this.#send({ janus: 'message', handle_id: handle, body, ...(jsep && { jsep }) })
  }

  close(): void {
    this.#socket.close()
  }

  async #send(message: object): Promise<Message> {
    const transaction = String(++this.#transactions)
    const heard = new Promise<Message>(resolve => this.#waiting.set(transaction, resolve))
    const session = this.#session ? { session_id: this.#session } : {}
    this.#socket.send(JSON.stringify({ ...message, ...session, transaction }))
    const answer = await heard
    const error = answer.error?.reason ?? answer.plugindata?.data.error
    if (error) throw new Error(`Janus: ${error}`)
    return answer
  }

  /** A plugin first acknowledges a request, and answers it later. */
  #hear(message: Message): void {
    const { janus, transaction } = message
    if (transaction === undefined || janus === 'ack') return
    this.#waiting.get(transaction)?.(message)
    this.#waiting.delete(transaction)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
