import { MessageChannel, receiveMessageOnPort, type TransferListItem } from 'node:worker_threads'
import { Wake } from '@parley/ffi'
import { chooseLoop, type LoopKind } from '../create-loop.ts'
import { launch } from './launch.ts'
import { errorFrom, type FromWorker, type ToWorker, type WorkerSetup } from './wire.ts'

const DEFAULT_GRACE_MS = 5000

export interface LoopWorkerOptions<Out> {
  /** Given to the worker's program. Must be cloneable. */
  readonly data?: unknown
  /** Default: the best for this platform. */
  readonly kind?: LoopKind
  readonly maxDatagramBytes?: number
  /** See `LoopOptions`. */
  readonly urgent?: boolean
  /** How long `stop` waits for the program before it terminates the thread. Default 5,000 ms. */
  readonly graceMs?: number
  /** A name for debuggers. */
  readonly name?: string
  readonly onMessage: (message: Out) => void
  /** Takes what a handler or the program threw. The worker carries on. */
  readonly onError: (error: Error) => void
  /** Called once, when the worker has ended: with undefined after `stop`, else with the reason. */
  readonly onExit: (reason: Error | undefined) => void
}

/** A worker thread that runs a loop. */
export interface LoopWorker<In> {
  readonly kind: LoopKind
  /** Sends a message to the program's `handleMessage`, in order. Returns false if the worker has ended. */
  post(message: In, transfer?: readonly TransferListItem[]): boolean
  /** Ends the loop after its current turn, or the thread if that takes too long. Resolves when it has ended. */
  stop(): Promise<void>
}

/**
 * Starts a worker whose module calls `serveLoop`.
 * @param entry The module; see `workerEntry`.
 */
export function startLoopWorker<In, Out>(entry: URL, options: LoopWorkerOptions<Out>): LoopWorker<In> {
  const kind = options.kind ?? chooseLoop().kind
  const wake = kind === 'batched' ? Wake.create() : undefined
  const { port1, port2 } = new MessageChannel()
  const setup: WorkerSetup = {
    kind,
    maxDatagramBytes: options.maxDatagramBytes,
    urgent: options.urgent,
    control: wake ? { port: port2, wake: wake.token() } : { port: port2 },
    data: options.data,
  }
  const worker = launch(entry, setup, { transferList: [port2], ...(options.name && { name: options.name }) })

  const hear = (message: FromWorker) => {
    if (message.kind === 'message') options.onMessage(message.value as Out)
    else options.onError(errorFrom(message))
  }

  let ended = false
  let stopping = false
  let failure: Error | undefined
  const exited = new Promise<void>(resolve => {
    worker.on('exit', code => {
      ended = true
      // There may still be messages that were sent before the end.
      for (let last = receiveMessageOnPort(port1); last; last = receiveMessageOnPort(port1)) hear(last.message)
      port1.close()
      // Not earlier: the worker uses it until it has ended.
      wake?.close()
      if (!failure && (code !== 0 || !stopping)) failure = new Error(`the worker ended by itself, with code ${code}`)
      options.onExit(failure)
      resolve()
    })
  })
  worker.on('error', (error: Error) => {
    failure = error
  })
  port1.on('message', hear)

  const tell = (message: ToWorker, transfer: readonly TransferListItem[] = []): boolean => {
    if (ended) return false
    port1.postMessage(message, transfer)
    wake?.signal()
    return true
  }

  return {
    kind,
    post: (value, transfer) => tell({ kind: 'message', value }, transfer),
    async stop() {
      stopping = true
      if (!tell({ kind: 'stop' })) return
      const graceMs = options.graceMs ?? DEFAULT_GRACE_MS
      const timer = setTimeout(() => {
        failure = new Error(`the worker did not stop within ${graceMs} ms`)
        worker.terminate()
      }, graceMs)
      await exited
      clearTimeout(timer)
    },
  }
}
