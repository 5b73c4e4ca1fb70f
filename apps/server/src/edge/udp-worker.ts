import type { FromMedia, ToMedia } from '@parley/sfu'
import { chooseLoop, type LoopWorker, startLoopWorker, workerEntry } from '@parley/udp'
import type { EdgeAddresses, FromUdp, Revocation, ThreadCounters, ToUdp, UdpSetup } from './control.ts'
import { PortError } from './port-error.ts'

export interface UdpWorkerHost {
  /** A handler threw; service goes on. */
  mistake(error: unknown): void
  /** The thread has ended by itself. */
  lost(reason: Error): void
  media(message: FromMedia): void
}

/** This side of the thread that serves UDP. */
export class UdpWorker {
  readonly kind = chooseLoop().kind
  readonly #worker: LoopWorker<ToUdp>
  readonly #counting = new Map<number, (counters: ThreadCounters) => void>()
  #listening: ((answer: FromUdp & { is: 'listening' | 'refused' }) => void) | undefined
  #failed: ((reason: Error) => void) | undefined
  #ids = 0

  constructor(setup: UdpSetup, host: UdpWorkerHost) {
    this.#worker = startLoopWorker<ToUdp, FromUdp>(workerEntry(import.meta.url, 'udp-thread'), {
      data: setup,
      kind: this.kind,
      name: 'udp',
      urgent: true,
      onMessage: message => (message.is === 'media' ? host.media(message.message) : this.#hear(message)),
      onError: error => host.mistake(error),
      onExit: reason => {
        if (!reason) return
        this.#failed?.(reason)
        host.lost(reason)
      },
    })
  }

  /** Resolves with the port. Rejects with PortError. */
  async listen(port: number): Promise<number> {
    const answer = await new Promise<FromUdp & { is: 'listening' | 'refused' }>((resolve, reject) => {
      this.#listening = resolve
      this.#failed = reject
      this.#worker.post({ is: 'listen', port })
    })
    if (answer.is === 'refused') throw new PortError(answer.code, answer.message)
    return answer.port
  }

  counters(): Promise<ThreadCounters> {
    const id = this.#ids++
    return new Promise(resolve => {
      this.#counting.set(id, resolve)
      this.#worker.post({ is: 'count', id })
    })
  }

  setAddresses(addresses: EdgeAddresses): void {
    this.#worker.post({ is: 'addresses', ...addresses })
  }

  revoke(revocation: Revocation): void {
    this.#worker.post({ is: 'revoke', ...revocation })
  }

  /** Of all media workers. */
  setMediaPorts(ports: readonly number[]): void {
    this.#worker.post({ is: 'media-ports', ports })
  }

  sendMedia(message: ToMedia): void {
    this.#worker.post({ is: 'media', message })
  }

  close(): Promise<void> {
    return this.#worker.stop()
  }

  #hear(message: Exclude<FromUdp, { is: 'media' }>): void {
    if (message.is !== 'counted') {
      this.#listening?.(message)
      return
    }
    this.#counting.get(message.id)?.(message)
    this.#counting.delete(message.id)
  }
}
