import { randomBytes } from 'node:crypto'
import { type DtlsCertificate, DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { Cidr } from '@parley/net'
import { NodeTcpPort, QuotaBoard, RelayRegistry } from '@parley/turn'
import { Address, chooseLoop, createLoop } from '@parley/udp'
import { BridgePorts, insideHost } from './bridge-ports.ts'
import type { EdgeAddresses, EdgeConfig, Revocation } from './config.ts'
import { addCounters, type EdgeCounters, type ThreadCounters } from './counters.ts'
import { errorRow } from './errors.ts'
import type { Served } from './mailbox.ts'
import { Outside } from './outside.ts'
import type { EdgeInfo, GuestCalls, ServerCalls, SignalingCalls } from './ports.ts'
import { SfuService } from './sfu-service.ts'
import { Streams } from './streams.ts'
import { mediaServices, relayAddresses, turnCore } from './turn-core.ts'
import { startWorker, type WorkerHandle, type WorkerHost } from './worker-handle.ts'

export interface MediaServerHost extends Omit<WorkerHost, 'report'> {
  readonly signaling: SignalingCalls
  readonly guests: GuestCalls
}

/** STUN and TURN on UDP, TCP and handed-over TLS streams, and media beside them, as long as this process lives. */
export interface MediaServer extends Served<ServerCalls> {
  readonly info: EdgeInfo
  /** Undefined: there is none. */
  readonly sfu: SfuService | undefined
  close(): Promise<void>
}

const portsToTry = 20

/** Serves UDP in threads of its own and streams in this one. Throws an error of the system's where a port cannot be had. */
export async function startMediaServer(
  config: EdgeConfig,
  { mistake, lost, signaling, guests }: MediaServerHost,
): Promise<MediaServer> {
  const identity = config.media ? mediaIdentity() : undefined
  const certificate = identity?.is === 'ready' ? identity.certificate : undefined
  const bridges = new BridgePorts(config.host)
  const setup = {
    config,
    certificate,
    nonceKey: randomBytes(32),
    relayMemory: new RelayRegistry().memory,
    bridgeMemory: bridges.memory,
    quotaMemory: new QuotaBoard().memory,
  }
  const loop = createLoop({ onError: mistake })
  const server = turnCore(setup, loop, config.tcpPeerPorts && new NodeTcpPort(loop))
  loop.attach(server)
  const outside = new Outside(config.own)
  const streams = new Streams({
    server,
    outside,
    bridges,
    loop,
    proxies: config.proxies.map(network => Cidr.parse(network)),
    onError: mistake,
  })
  let sfu: SfuService | undefined
  const workers = Array.from({ length: certificate && config.media ? config.media.workers : 1 }, (_, index) =>
    startWorker(setup, { mistake, lost, report: row => sfu?.hear(index, row) }),
  )

  async function close(): Promise<void> {
    await streams.close()
    server.close()
    loop.close()
    await Promise.all(workers.map(worker => worker.close()))
  }

  async function counters(): Promise<EdgeCounters> {
    const streamed: ThreadCounters = {
      turn: server.counters(),
      udp: loop.stats(),
      outside: outside.counters(),
      media: undefined,
    }
    const threads = await Promise.all(workers.map(worker => worker.counters()))
    const { media, ...rest } = threads.reduce(addCounters, streamed)
    return { ...rest, sfu: sfu && media && { rooms: sfu.counters(), iceTcp: streams.iceTcp, media } }
  }

  try {
    const ports = await bindAll(config, streams, workers, certificate !== undefined)
    if (config.handover !== undefined) await streams.listenForHandover(config.handover)
    if (identity?.is === 'ready' && config.media) {
      server.setServices(mediaServices(config.mediaAddresses, ports))
      for (const worker of workers) worker.setMediaPorts(ports)
      if (workers.length > 1) await connectPipes(workers)
      sfu = new SfuService({
        threads: workers.map(({ command, statistics }, index) => ({ port: ports[index] ?? 0, command, statistics })),
        addresses: config.mediaAddresses,
        fingerprint: identity.fingerprint,
        enoughTracks: config.media.enoughTracks,
        signaling,
        guests,
      })
    }
    return {
      info: {
        port: ports[0] ?? config.port,
        loop: chooseLoop().kind,
        sfu: identity && (identity.is === 'ready' ? { is: 'ready', ports } : identity),
      },
      sfu,
      counters,
      setAddresses(addresses: EdgeAddresses) {
        server.setAddresses(addresses.own, relayAddresses(addresses.relays))
        outside.setOwn(addresses.own)
        if (sfu) server.setServices(mediaServices(addresses.mediaAddresses, ports))
        sfu?.setAddresses(addresses.mediaAddresses)
        for (const worker of workers) worker.setAddresses(addresses)
      },
      revoke(revocation: Revocation) {
        server.revoke(revocation.user, revocation.untilMs)
        for (const worker of workers) worker.revoke(revocation)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** So that each worker finds the others. */
async function connectPipes(workers: readonly WorkerHandle[]): Promise<void> {
  const ports = await Promise.all(workers.map(worker => worker.pipePort()))
  for (const worker of workers) worker.setPipePorts(ports)
}

type MediaIdentity =
  | { readonly is: 'ready'; readonly certificate: DtlsCertificate; readonly fingerprint: DtlsContext['fingerprint'] }
  | { readonly is: 'missing'; readonly why: string }

/** A certificate for DTLS, new for each process as browsers do it; or why this machine cannot use one. */
function mediaIdentity(): MediaIdentity {
  try {
    const certificate = makeDtlsCertificate()
    const context = new DtlsContext(certificate)
    const { fingerprint } = context
    context.close()
    return { is: 'ready', certificate, fingerprint }
  } catch (error) {
    return { is: 'missing', why: errorRow(error).message }
  }
}

/** Each worker has a port, the same for TCP and UDP: the first one that of the configuration, the others the next free ones. */
async function bindAll(
  { host, port, mayMove }: EdgeConfig,
  streams: Streams,
  workers: readonly WorkerHandle[],
  media: boolean,
): Promise<readonly number[]> {
  const reached = (port: number) => Address.parse(insideHost(host), port)
  const bind = async (worker: WorkerHandle, port: number) => {
    const listening = await streams.listen(host, port, media ? reached : undefined)
    try {
      return await worker.listen(listening.port)
    } catch (error) {
      await listening.close()
      throw error
    }
  }
  const ports: number[] = []
  for (const [index, worker] of workers.entries()) {
    const first = port === 0 ? 0 : (ports.at(-1) ?? port - 1) + 1
    ports.push(await bindSomewhere(first, index > 0 || mayMove, candidate => bind(worker, candidate)))
  }
  return ports
}

/** The port, or the next ones while those are taken. Throws the system's error. */
async function bindSomewhere(
  first: number,
  mayMove: boolean,
  bind: (port: number) => Promise<number>,
): Promise<number> {
  const attempts = first === 0 || mayMove ? portsToTry : 1
  for (let attempt = 1; ; attempt++) {
    try {
      return await bind(first === 0 ? 0 : first + attempt - 1)
    } catch (error) {
      if (errorRow(error).code !== 'EADDRINUSE' || attempt >= attempts) throw error
    }
  }
}
