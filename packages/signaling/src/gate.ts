import type { IncomingMessage } from 'node:http'
import { AppError, type ErrorCode } from '@parley/protocol'
import { Addresses } from './addresses.ts'
import type { SignalingOptions } from './options.ts'
import type { Observer } from './ports.ts'

export interface GateOptions extends Pick<SignalingOptions, 'allowOrigin' | 'clientAddress'> {
  readonly connectionsPerAddress: number
  readonly observer: Observer
}

/** Decides who may connect at all, before anything is known but the request. Shared by Socket.IO and the relay. */
export class Gate {
  readonly #options: GateOptions
  readonly #addresses = new Addresses()
  #closed = false

  constructor(options: GateOptions) {
    this.#options = options
  }

  /** Whether a page of the request's origin may talk to us; what is not a browser sends none and may. */
  knowsOrigin({ headers }: IncomingMessage): boolean {
    return headers.origin === undefined || this.#options.allowOrigin(headers.origin, headers.host)
  }

  /**
   * Why a connection is refused, or undefined.
   * @param spare Connections beyond the cap that are let in all the same, to be told so in a better way.
   */
  refusal(request: IncomingMessage, spare = 0): AppError | undefined {
    const code = this.#judge(request, spare)
    if (code === undefined) return undefined
    this.refused(code, request)
    return new AppError(code)
  }

  refused(code: ErrorCode, request: IncomingMessage): void {
    this.#options.observer.refused(code, this.#options.clientAddress(request))
  }

  /** A connection is open. Returns how to say that it is closed, and whether its address has more than its share. */
  enter(request: IncomingMessage): { leave: () => void; crowded: boolean } {
    const address = this.#options.clientAddress(request)
    const crowded = this.#addresses.arrive(address) > this.#options.connectionsPerAddress
    return { leave: () => this.#addresses.depart(address), crowded }
  }

  /** Nobody comes in any more. */
  close(): void {
    this.#closed = true
  }

  #judge(request: IncomingMessage, spare: number): ErrorCode | undefined {
    if (this.#closed) return 'server-stopping'
    if (!this.knowsOrigin(request)) return 'origin-refused'
    const { clientAddress, connectionsPerAddress } = this.#options
    const full = this.#addresses.count(clientAddress(request)) >= connectionsPerAddress + spare
    return full ? 'too-many-connections' : undefined
  }
}
