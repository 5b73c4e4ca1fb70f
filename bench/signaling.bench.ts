import { startChild } from './child.ts'
import { quantile, type Row, report } from './report.ts'
import type { Verdict } from './signaling/ledger.ts'
import type { LoadCommands, Size } from './signaling/load.ts'
import type { ServerCommands } from './signaling/server-child.ts'

const size: Size = {
  clients: Number(process.env.PARLEY_BENCH_CLIENTS ?? 2000),
  rooms: Number(process.env.PARLEY_BENCH_CLIENTS ?? 2000) / 10,
  messages: 50,
  window: 100,
  ahead: 4,
}
const rounds = Number(process.env.PARLEY_BENCH_ROUNDS ?? 3)

/** What one server did in one round. */
interface Figures {
  readonly joinsPerSecond: number
  readonly joinP50Ms: number
  readonly joinP95Ms: number
  readonly herdP95Ms: number
  readonly joinCpuUs: number
  readonly sentPerSecond: number
  readonly deliveredPerSecond: number
  readonly cpuUsPerDelivery: number
  readonly loadCpuUsPerDelivery: number
  readonly bytesPerDelivery: number
  readonly rssPerSocket: number
  readonly heapPerSocket: number
  readonly verdict: Verdict
}

/** One server in one process, the load in another. */
async function round(server: 'ours' | 'bare'): Promise<Figures> {
  const host = await startChild<ServerCommands>(new URL(`signaling/${server}.ts`, import.meta.url))
  const load = await startChild<LoadCommands>(new URL('signaling/load.ts', import.meta.url))
  try {
    const port = await host.ask('listen')
    const empty = await host.ask('memory')
    await load.ask('connect', { port, size })

    const beforeJoin = await host.ask('cpu')
    const joined = await load.ask('join')
    const joinCpuUs = (await host.ask('cpu')) - beforeJoin
    const seated = await host.ask('memory')

    await load.ask('leave')
    const herd = await load.ask('joinAtOnce')

    const beforeChat = await host.ask('cpu')
    const chat = await load.ask('chat')
    const chatCpuUs = (await host.ask('cpu')) - beforeChat
    const { delivered } = chat.verdict
    return {
      joinsPerSecond: size.clients / joined.seconds,
      joinP50Ms: quantile(joined.latenciesMs, 0.5),
      joinP95Ms: quantile(joined.latenciesMs, 0.95),
      herdP95Ms: quantile(herd.latenciesMs, 0.95),
      joinCpuUs: joinCpuUs / size.clients,
      sentPerSecond: (size.clients * size.messages) / chat.seconds,
      deliveredPerSecond: delivered / chat.seconds,
      cpuUsPerDelivery: chatCpuUs / delivered,
      loadCpuUsPerDelivery: chat.cpuUs / delivered,
      bytesPerDelivery: chat.bytes / delivered,
      rssPerSocket: (seated.rss - empty.rss) / size.clients,
      heapPerSocket: (seated.heapUsed - empty.heapUsed) / size.clients,
      verdict: chat.verdict,
    }
  } finally {
    await load.close()
    await host.close()
  }
}

const ours: Figures[] = []
const bare: Figures[] = []
for (let i = 0; i < rounds; i++) {
  ours.push(await round('ours'))
  bare.push(await round('bare'))
  console.log(
    `round ${i + 1} of ${rounds}: ${[ours, bare].map(all => Math.round(all.at(-1)?.deliveredPerSecond ?? 0))} messages/s`,
  )
}

type Measure = (figures: Figures) => number
const median = (all: readonly Figures[], of: Measure) => quantile(all.map(of), 0.5)
/** Errors count over all rounds. */
const total = (all: readonly Figures[], of: Measure) => all.reduce((sum, figures) => sum + of(figures), 0)

function row(
  figure: string,
  unit: string,
  of: Measure,
  aim?: { words: string; met(ours: number, peer: number): boolean },
): Row {
  const [own, peer] = [median(ours, of), median(bare, of)]
  return { figure, unit, ours: own, peer, ...(aim && { aim: aim.words, met: aim.met(own, peer) }) }
}

const none = (figure: string, of: Measure): Row => {
  const found = total(ours, of)
  return { figure, unit: 'messages', ours: found, peer: total(bare, of), aim: '0', met: found === 0 }
}

const soon = { words: '< 250 ms', met: (own: number) => own < 250 }
const nearly = { words: 'ratio ≥ 0.8', met: (own: number, peer: number) => own >= 0.8 * peer }

report('signaling', 'bare Socket.IO', [
  row('joins', '1/s', f => f.joinsPerSecond),
  row(`join p50, ${size.window} at a time`, 'ms', f => f.joinP50Ms),
  row(`join p95, ${size.window} at a time`, 'ms', f => f.joinP95Ms, soon),
  row('join p95, all at once', 'ms', f => f.herdP95Ms),
  row('server CPU per join', 'µs', f => f.joinCpuUs),
  row('messages sent', '1/s', f => f.sentPerSecond),
  row('messages delivered', '1/s', f => f.deliveredPerSecond, nearly),
  row('server CPU per delivery', 'µs', f => f.cpuUsPerDelivery),
  row('load generator CPU per delivery', 'µs', f => f.loadCpuUsPerDelivery),
  row('bytes per delivery', 'B', f => f.bytesPerDelivery),
  row('server memory per seated socket (RSS)', 'kB', f => f.rssPerSocket / 1000),
  row('server heap per seated socket', 'kB', f => f.heapPerSocket / 1000),
  none('lost', f => f.verdict.lost),
  none('doubled', f => f.verdict.doubled),
  none('reordered', f => f.verdict.reordered),
  none('strayed', f => f.verdict.stray),
  { ...none('saw another order', f => f.verdict.disagreeing), unit: 'receivers' },
])
