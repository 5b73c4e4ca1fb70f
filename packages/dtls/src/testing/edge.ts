import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { DtlsContext } from '../context.ts'
import { DtlsEndpoint } from '../endpoint.ts'
import type { DtlsFailure, DtlsOptions, SrtpKeys } from '../types.ts'

/** An endpoint on a real socket of 127.0.0.1, for one peer. */
export class Edge {
  readonly endpoint: DtlsEndpoint
  readonly outcome: Promise<SrtpKeys | DtlsFailure>
  readonly data: Promise<string>
  readonly closed: Promise<void>
  readonly #socket: Socket
  #peer: { port: number; address: string } | undefined
  #timer: NodeJS.Timeout | undefined

  private constructor(socket: Socket, context: DtlsContext, options: Pick<DtlsOptions, 'role' | 'fingerprints'>) {
    this.#socket = socket
    const outcome = later<SrtpKeys | DtlsFailure>()
    const data = later<string>()
    const closed = later<void>()
    this.outcome = outcome.promise
    this.data = data.promise
    this.closed = closed.promise
    this.endpoint = new DtlsEndpoint(context, {
      ...options,
      send: (bytes, start, end) => socket.send(bytes.slice(start, end), this.#peer?.port ?? 0, this.#peer?.address),
      onConnected: outcome.resolve,
      onFailed: outcome.resolve,
      onData: bytes => data.resolve(new TextDecoder().decode(bytes)),
      onClosed: closed.resolve,
    })
    socket.on('message', (bytes, from) => {
      this.#peer = from
      this.endpoint.receive(bytes, 0, bytes.length, performance.now())
      this.#arm()
    })
  }

  static async open(context: DtlsContext, options: Pick<DtlsOptions, 'role' | 'fingerprints'>): Promise<Edge> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new Edge(socket, context, options)
  }

  get port(): number {
    return this.#socket.address().port
  }

  start(port: number): void {
    this.#peer = { port, address: '127.0.0.1' }
    this.endpoint.start(performance.now())
    this.#arm()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.endpoint.close()
    this.#socket.close()
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const due = this.endpoint.nextTimeout()
    if (due === Number.POSITIVE_INFINITY) return
    const handle = () => {
      this.endpoint.handleTimeout(performance.now())
      this.#arm()
    }
    this.#timer = setTimeout(handle, Math.max(0, due - performance.now()))
  }
}

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
