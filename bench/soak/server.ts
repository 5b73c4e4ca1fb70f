import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type End, receivingOffer, remoteEnd, sendingOffer } from '../sfu/sdp.ts'
import { memoryOf, type SfuServer } from '../sfu/server.ts'
import { freePort, launch } from '../start/launch.ts'
import { familyOf } from '../start/usage.ts'

/** What the server holds at one moment. */
export interface Sample {
  readonly minutes: number
  /** Bytes of the main process's JavaScript. */
  readonly heap: number
  /** Resident bytes of the main process, and of the one that serves media. */
  readonly main: number
  readonly edge: number
  /** Open descriptors of both, without those of relays, which live for ten minutes. */
  readonly descriptors: number
  readonly handles: number
  readonly participants: number
  readonly errors: number
}

/** The numbered rooms of this bench, as the server knows them. */
export const roomName = (room: number) => `soak-${room}`

/** The whole of Parley, as `npm start` runs it, for people who come by WHIP and WHEP, signalling and TURN. */
export class SoakServer implements SfuServer {
  /** Of the main process. */
  readonly pid: number
  readonly port: number
  readonly ca: Buffer
  readonly #edge: number
  readonly #stop: () => Promise<void>
  readonly #begun = performance.now()
  /** The sessions of WHIP and WHEP, by the ICE name of who has one. */
  readonly #sessions = new Map<string, string>()

  private constructor(port: number, ca: Buffer, processes: readonly number[], stop: () => Promise<void>) {
    this.port = port
    this.ca = ca
    const [main, edge] = processes
    if (main === undefined || edge === undefined) throw new Error('the server has no process for media')
    this.pid = main
    this.#edge = edge
    this.#stop = stop
  }

  static async start(udpPort: number): Promise<SoakServer> {
    const data = mkdtempSync(join(tmpdir(), 'parley-soak-'))
    const port = await freePort()
    const flags = ['--host', '127.0.0.1', '--port', String(port), '--http-port', 'off', '--udp-port', String(udpPort)]
    const turn = ['--turn-user', 'ann:secret', '--turn-allow-peer', '127.0.0.1', '--turn-quota-user', '0']
    const command = fileURLToPath(new URL('../../apps/server/bin/parley.mjs', import.meta.url))
    const args = [command, ...flags, ...turn, '--data-dir', data, '--topology', 'sfu']
    const { pid, stop } = await launch({ command: process.execPath, args, ready: /ready in/ })
    return new SoakServer(port, readFileSync(join(data, 'authority.crt')), familyOf(pid), async () => {
      await stop()
      rmSync(data, { recursive: true })
    })
  }

  async publish(room: number, end: End, ssrc: number) {
    return this.#open(`/whip/${roomName(room)}`, end, sendingOffer(end, ssrc))
  }

  async play(room: number, end: End) {
    return this.#open(`/whep/${roomName(room)}`, end, receivingOffer(end))
  }

  async leave({ ice }: End): Promise<void> {
    const session = this.#sessions.get(ice.ufrag)
    this.#sessions.delete(ice.ufrag)
    if (session) await this.#ask('DELETE', session)
  }

  /** Resident bytes of the main process, and of the one that serves media. */
  memory(): Pick<Sample, 'main' | 'edge'> {
    return { main: memoryOf(this.pid), edge: memoryOf(this.#edge) }
  }

  async sample(): Promise<Sample> {
    const { body } = await this.#ask('GET', '/metrics')
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(body)?.[1] ?? Number.NaN)
    const descriptors = (pid: number) => readdirSync(`/proc/${pid}/fd`).length
    return {
      minutes: (performance.now() - this.#begun) / 60_000,
      heap: value('nodejs_heap_size_used_bytes'),
      ...this.memory(),
      descriptors: descriptors(this.pid) + descriptors(this.#edge) - value('parley_turn_allocations'),
      handles: value('nodejs_active_handles_total'),
      participants: value('parley_participants'),
      errors: value('parley_errors_total'),
    }
  }

  close(): Promise<void> {
    return this.#stop()
  }

  async #open(path: string, { ice }: End, offer: string) {
    const { body, location } = await this.#ask('POST', path, offer)
    if (location) this.#sessions.set(ice.ufrag, location)
    return remoteEnd(body)
  }

  #ask(
    method: string,
    path: string,
    body?: string,
  ): Promise<{ readonly body: string; readonly location: string | undefined }> {
    const headers = body === undefined ? {} : { 'content-type': 'application/sdp' }
    const url = new URL(path, `https://localhost:${this.port}`)
    return new Promise((resolve, reject) => {
      const asking = request(url, { method, ca: this.ca, headers }, async answer => {
        const text = Buffer.concat(await answer.toArray()).toString()
        const { statusCode = 0 } = answer
        if (statusCode < 200 || statusCode > 299) reject(new Error(`${method} ${path}: ${statusCode} ${text}`))
        else resolve({ body: text, location: answer.headers.location })
      })
      asking.on('error', reject)
      asking.end(body)
    })
  }
}
