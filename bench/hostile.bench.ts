/**
 * What hostile guests cost, and what an honest one notices: each attack runs against a server of its own, from 127.0.0.1, while
 * somebody at 127.0.0.2 keeps asking signalling and STUN. Linux, with Debian's `coturn`.
 * `BENCH_ATTACK`: only attacks whose name contains it.
 */
import { createSocket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { Encoder } from '@parley/stun'
import { type Attack, attacks } from './hostile/attacks.ts'
import { type Row, report } from './report.ts'
import { WireClient } from './signaling/wire-client.ts'
import { SoakServer } from './soak/server.ts'
import { startPeer } from './turn/processes.ts'

const firstPort = 26_800
const peerPort = 26_790
const everyMs = 50
const memoryEveryMs = 100
/** Longer than the server keeps anything half-made. */
const goneMs = 35_000
const mb = 1_000_000

/** Delays of an honest guest, the longest so far, ms. */
class Honest {
  signalling = 0
  stun = 0
  readonly #client: WireClient
  readonly #socket = createSocket('udp4').bind(0, '127.0.0.2')
  readonly #asking: NodeJS.Timeout

  private constructor(client: WireClient, udpPort: number) {
    this.#client = client
    const binding = new Encoder(new Uint8Array(40)).message('request', 'binding').finish().slice()
    let asked = Number.POSITIVE_INFINITY
    let requested = Number.POSITIVE_INFINITY
    // A request that is still unanswered counts as well.
    const look = (now: number) => {
      this.stun = Math.max(this.stun, now - asked)
      this.signalling = Math.max(this.signalling, now - requested)
    }
    this.#socket.on('message', () => {
      look(performance.now())
      asked = Number.POSITIVE_INFINITY
    })
    this.#asking = setInterval(() => {
      const now = performance.now()
      look(now)
      // Sent again until there is an answer.
      asked = Math.min(asked, now)
      this.#socket.send(binding, udpPort, '127.0.0.1')
      if (requested <= now) return
      requested = now
      client.request('presence.set', { status: 'available' }, () => {
        look(performance.now())
        requested = Number.POSITIVE_INFINITY
      })
    }, everyMs)
  }

  static async come(server: SoakServer, udpPort: number): Promise<Honest> {
    const client = await WireClient.open(`wss://localhost:${server.port}`, { name: 'Ann' }, server.ca, '127.0.0.2')
    client.onEvent = () => undefined
    return new Honest(client, udpPort)
  }

  leave(): void {
    clearInterval(this.#asking)
    this.#client.close()
    this.#socket.close()
  }
}

/** One attack on a server of its own. */
async function measure(name: string, attack: Attack, udpPort: number): Promise<Row[]> {
  const server = await SoakServer.start(udpPort)
  const honest = await Honest.come(server, udpPort)
  try {
    await sleep(3_000)
    const before = server.memory()
    const height = { ...before }
    const looking = setInterval(() => {
      const { main, edge } = server.memory()
      height.main = Math.max(height.main, main)
      height.edge = Math.max(height.edge, edge)
    }, memoryEveryMs)
    const letGo = await attack(server, udpPort, peerPort)
    await sleep(2_000)
    clearInterval(looking)
    const { signalling, stun } = honest
    letGo()
    await sleep(goneMs)
    const after = server.memory()
    const of = (key: 'main' | 'edge') => [before, height, after].map(memory => Math.round(memory[key] / mb)).join(' → ')
    console.log(`| ${name} | ${of('main')} | ${of('edge')} | ${Math.round(signalling)} ms | ${Math.round(stun)} ms |`)
    return [
      { figure: `${name}: main process, height`, unit: 'MB', ours: (height.main - before.main) / mb },
      { figure: `${name}: main process, left`, unit: 'MB', ours: (after.main - before.main) / mb },
      { figure: `${name}: media process, height`, unit: 'MB', ours: (height.edge - before.edge) / mb },
      { figure: `${name}: media process, left`, unit: 'MB', ours: (after.edge - before.edge) / mb },
      { figure: `${name}: signalling of an honest guest`, unit: 'ms', ours: signalling },
      { figure: `${name}: STUN of an honest guest`, unit: 'ms', ours: stun },
    ]
  } finally {
    honest.leave()
    await server.close()
  }
}

const echo = await startPeer(peerPort)
const rows: Row[] = []
const wanted = Object.entries(attacks).filter(([name]) => name.includes(process.env.BENCH_ATTACK ?? ''))
console.log(
  '| attack | main process, MB | media process, MB | signalling beside it, at most | STUN, at most |\n|---|---|---|---|---|',
)
for (const [index, [name, attack]] of wanted.entries()) rows.push(...(await measure(name, attack, firstPort + index)))
echo.kill()
report('hostile', '', rows)
process.exit()
