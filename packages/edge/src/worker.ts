import { DtlsContext } from '@parley/dtls'
import { sourceKey } from '@parley/net'
import { type FromMedia, MediaCore, PipeSocket, Router, type ToMedia, type TransportStatistics } from '@parley/sfu'
import { openDiscovery, type TurnServer, UdpClients } from '@parley/turn'
import { type Address, type Loop, type LoopContext, type ServedProgram, serveLoop, type UdpSocket } from '@parley/udp'
import { BridgePorts } from './bridge-ports.ts'
import type { EdgeAddresses, MediaAddress, Revocation } from './config.ts'
import type { ThreadCounters } from './counters.ts'
import { type Letter, Mailbox, remote, type Served } from './mailbox.ts'
import { Outside } from './outside.ts'
import { roomsPort, type WorkerCalls, workerPort } from './ports.ts'
import { mediaServices, relayAddresses, turnCore } from './turn-core.ts'
import { listenUdp, type Taker } from './udp-listener.ts'
import type { WorkerSetup } from './worker-handle.ts'

/** STUN, TURN and media over UDP, on a loop of its own. */
class Worker implements ServedProgram<Letter>, Served<WorkerCalls> {
  readonly #loop: Loop
  readonly #setup: WorkerSetup
  readonly #mailbox: Mailbox
  readonly #turn: TurnServer
  readonly #media: Media | undefined
  readonly #outside: Outside
  /** Who is shown each datagram before TURN. */
  readonly #before: readonly Taker[]
  #mediaAddresses: readonly MediaAddress[]
  /** Of all threads that forward; none: nothing is forwarded. */
  #mediaPorts: readonly number[] = []

  constructor({ loop, data, post }: LoopContext<WorkerSetup, Letter>) {
    this.#loop = loop
    this.#setup = data
    this.#mailbox = new Mailbox({ post })
    this.#mailbox.serve(workerPort, this)
    this.#turn = turnCore(data, loop)
    this.#mediaAddresses = data.config.mediaAddresses
    const outside = new Outside(data.config.own)
    this.#outside = outside
    const count: Taker = (datagram, now) => {
      outside.datagram(datagram, now)
      return false
    }
    const { report } = remote(roomsPort, () => this.#mailbox)
    const media = openMedia(data, { loop, turn: this.#turn, report })
    this.#media = media
    this.#before = media ? [count, (datagram, now) => media.core.receive(datagram, now)] : [count]
  }

  nextTimeout(): number {
    return Math.min(this.#turn.nextTimeout(), this.#media?.core.nextTimeout() ?? Number.POSITIVE_INFINITY)
  }

  handleTimeout(now: number): void {
    this.#turn.handleTimeout(now)
    this.#media?.core.handleTimeout(now)
  }

  handleMessage(letter: Letter): void {
    this.#mailbox.receive(letter)
  }

  /** Throws UdpError, leaving nothing open. */
  listen(port: number): number {
    const { host, discovery } = this.#setup.config
    if (!discovery) return this.#open(host, port).local.port
    const { addresses, alternatePort = port + 1, others } = discovery
    const open = [...openDiscovery(this.#open, this.#turn, { addresses, ports: [port, alternatePort] })]
    try {
      for (const address of others) open.push(this.#open(address, port))
    } catch (error) {
      for (const socket of open) socket.close()
      throw error
    }
    return port
  }

  setMediaPorts(ports: readonly number[]): void {
    this.#mediaPorts = ports
    this.#allowMedia()
  }

  setAddresses({ own, relays, mediaAddresses }: EdgeAddresses): void {
    this.#turn.setAddresses(own, relayAddresses(relays))
    this.#outside.setOwn(own)
    this.#mediaAddresses = mediaAddresses
    this.#allowMedia()
  }

  revoke({ user, untilMs }: Revocation): void {
    this.#turn.revoke(user, untilMs)
  }

  pipePort(): number {
    const { pipes } = this.#media ?? {}
    if (!pipes) throw new Error('this worker forwards alone, or not at all')
    return pipes.port
  }

  setPipePorts(ports: readonly number[]): void {
    this.#media?.pipes?.connect(ports)
  }

  command(row: ToMedia): void {
    this.#media?.core.command(row, this.#loop.now())
  }

  statistics(transports: readonly number[]): readonly TransportStatistics[] {
    return this.#media?.router.statistics(transports) ?? []
  }

  counters(): ThreadCounters {
    const media = this.#media && { ...this.#media.core.counters(), ...this.#media.router.counters() }
    return { turn: this.#turn.counters(), udp: this.#loop.stats(), outside: this.#outside.counters(), media }
  }

  close(): void {
    this.#media?.core.close(this.#loop.now())
    this.#media?.dtls.close()
    this.#media?.pipes?.close()
    this.#turn.close()
  }

  readonly #open = (address: string, port: number, clients = new UdpClients(this.#turn)): UdpSocket =>
    listenUdp(this.#loop, address, port, [...this.#before, (datagram, now) => clients.receive(datagram, now)])

  #allowMedia(): void {
    this.#turn.setServices(mediaServices(this.#mediaAddresses, this.#mediaPorts))
  }
}

/** The SFU's part of a worker. */
interface Media {
  readonly dtls: DtlsContext
  readonly router: Router
  readonly core: MediaCore
  /** Undefined: there is no other worker. */
  readonly pipes: PipeSocket | undefined
}

interface MediaHost {
  readonly loop: Loop
  readonly turn: TurnServer
  readonly report: (row: FromMedia) => void
}

/** Undefined: there is nothing to forward media with. */
function openMedia(
  { config, certificate, bridgeMemory }: WorkerSetup,
  { loop, turn, report }: MediaHost,
): Media | undefined {
  if (!certificate) return undefined
  const { handshakesOfSource: maxHandshakesOfSource } = config.media ?? {}
  const dtls = new DtlsContext({
    ...certificate,
    ...(maxHandshakesOfSource !== undefined && { maxHandshakesOfSource }),
  })
  const bridges = new BridgePorts(config.host, bridgeMemory)
  const sourceOf = (remote: Address) =>
    sourceKey(bridges.clientBehind(remote) ?? turn.clientBehind(remote) ?? remote.bytes())
  const pipes = (config.media?.workers ?? 1) > 1 ? openPipes(loop, () => router) : undefined
  const router = new Router({ report, ...(pipes && { carrier: pipes }) })
  return { dtls, router, pipes, core: new MediaCore({ dtls, outgoing: loop, router, report, sourceOf }) }
}

function openPipes(loop: Loop, router: () => Router): PipeSocket {
  return new PipeSocket({
    loop,
    address: '127.0.0.1',
    receive: (from, bytes, start, end, now) => router().receivePiped(from, bytes, start, end, now),
  })
}

await serveLoop<WorkerSetup, Letter, Letter>(context => new Worker(context))
