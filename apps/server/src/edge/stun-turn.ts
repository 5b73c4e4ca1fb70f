import { randomBytes } from 'node:crypto'
import { Cidr } from '@parley/stun'
import { QuotaBoard, RelayRegistry } from '@parley/turn'
import { chooseLoop, createLoop, type LoopWorker, startLoopWorker, workerEntry } from '@parley/udp'
import { messageOf, systemCode } from '../failure.ts'
import type { EdgeAddresses, EdgeConfig, EdgeCounters, EdgePlace, FromUdp, ToUdp, UdpSetup } from './control.ts'
import { addCounters } from './counters.ts'
import { Streams } from './streams.ts'
import { relayAddresses, turnCore } from './turn-core.ts'

export interface StunTurnHost {
  /** A handler threw; service goes on. */
  mistake(error: unknown): void
  /** The thread that serves UDP has ended by itself. */
  lost(reason: Error): void
}

/** STUN and TURN on UDP, TCP and handed-over TLS streams, as long as this process lives. */
export interface StunTurn extends EdgePlace {
  counters(): Promise<EdgeCounters>
  setAddresses(addresses: EdgeAddresses): void
  close(): Promise<void>
}

/** A port that could not be had; `code` is the system's. */
export class PortError extends Error {
  readonly code: string | undefined

  constructor(code: string | undefined, message: string) {
    super(message)
    this.name = 'PortError'
    this.code = code
  }
}

const portsToTry = 20

/** Serves UDP in a thread of its own and streams in this one. Throws PortError. */
export async function startStunTurn(config: EdgeConfig, host: StunTurnHost): Promise<StunTurn> {
  const setup: UdpSetup = {
    config,
    nonceKey: randomBytes(32),
    relayMemory: new RelayRegistry().memory,
    quotaMemory: new QuotaBoard().memory,
  }
  const loop = createLoop({ onError: error => host.mistake(error) })
  const server = turnCore(setup, loop)
  loop.attach(server)
  const streams = new Streams({ server, loop, proxies: config.proxies.map(network => Cidr.parse(network)) })
  const udp = new UdpThread(setup, host)

  async function close(): Promise<void> {
    await streams.close()
    server.close()
    loop.close()
    await udp.close()
  }

  try {
    const port = await bindBoth(config, streams, udp)
    if (config.handover !== undefined) await streams.listenForHandover(config.handover)
    return {
      port,
      loop: udp.kind,
      async counters() {
        return addCounters(await udp.counters(), { turn: server.counters(), udp: loop.stats() })
      },
      setAddresses(addresses) {
        server.setAddresses(addresses.own, relayAddresses(addresses.relays))
        udp.setAddresses(addresses)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The same port number for TCP and UDP. */
async function bindBoth(config: EdgeConfig, streams: Streams, udp: UdpThread): Promise<number> {
  const { host, port, mayMove } = config
  const attempts = port === 0 || mayMove ? portsToTry : 1
  for (let attempt = 1; ; attempt++) {
    const candidate = port === 0 ? 0 : port + attempt - 1
    try {
      const bound = await streams.listen(host, candidate)
      await udp.listen(bound)
      return bound
    } catch (error) {
      await streams.closeListeners()
      const code = systemCode(error)
      if (code !== 'EADDRINUSE' || attempt >= attempts) throw new PortError(code, messageOf(error))
    }
  }
}

/** This side of the thread that serves UDP. */
class UdpThread {
  readonly kind = chooseLoop().kind
  readonly #worker: LoopWorker<ToUdp>
  readonly #counting = new Map<number, (counters: EdgeCounters) => void>()
  #listening: ((answer: FromUdp & { is: 'listening' | 'refused' }) => void) | undefined
  #failed: ((reason: Error) => void) | undefined
  #ids = 0

  constructor(setup: UdpSetup, host: StunTurnHost) {
    this.#worker = startLoopWorker<ToUdp, FromUdp>(workerEntry(import.meta.url, 'udp-thread'), {
      data: setup,
      kind: this.kind,
      name: 'udp',
      onMessage: message => this.#hear(message),
      onError: error => host.mistake(error),
      onExit: reason => {
        if (!reason) return
        this.#failed?.(reason)
        host.lost(reason)
      },
    })
  }

  async listen(port: number): Promise<void> {
    const answer = await new Promise<FromUdp & { is: 'listening' | 'refused' }>((resolve, reject) => {
      this.#listening = resolve
      this.#failed = reject
      this.#worker.post({ is: 'listen', port })
    })
    if (answer.is === 'refused') throw new PortError(answer.code, answer.message)
  }

  counters(): Promise<EdgeCounters> {
    const id = this.#ids++
    return new Promise(resolve => {
      this.#counting.set(id, resolve)
      this.#worker.post({ is: 'count', id })
    })
  }

  setAddresses(addresses: EdgeAddresses): void {
    this.#worker.post({ is: 'addresses', ...addresses })
  }

  close(): Promise<void> {
    return this.#worker.stop()
  }

  #hear(message: FromUdp): void {
    if (message.is !== 'counted') {
      this.#listening?.(message)
      return
    }
    this.#counting.get(message.id)?.(message)
    this.#counting.delete(message.id)
  }
}
