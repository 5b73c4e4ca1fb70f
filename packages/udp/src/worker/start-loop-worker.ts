import { MessageChannel, receiveMessageOnPort, type TransferListItem } from 'node:worker_threads'
import { Wake } from '@parley/ffi'
import { chooseLoop, type LoopKind } from '../create-loop.ts'
import { launch } from './launch.ts'
import { errorFrom, type FromWorker, type ToWorker, type WorkerSetup } from './wire.ts'

const DEFAULT_GRACE_MS = 5000

export interface LoopWorkerOptions<Out> {
  /** Given to the worker's program; must be cloneable. */
  readonly data?: unknown
  /** Default: the best for this platform. */
  readonly kind?: LoopKind
  readonly maxDatagramBytes?: number
  /** See `LoopOptions`. */
  readonly urgent?: boolean
  /** How long `stop` waits for the program before it ends the thread; default 5 s. */
  readonly graceMs?: number
  /** A name for debuggers. */
  readonly name?: string
  readonly onMessage: (message: Out) => void
  /** What a handler or the program threw; the worker goes on. */
  readonly onError: (error: Error) => void
  /** The worker has ended: undefined after `stop`, else the reason. Called once. */
  readonly onExit: (reason: Error | undefined) => void
}

/** A worker thread that runs a loop. */
export interface LoopWorker<In> {
  readonly kind: LoopKind
  /** Hands a message to the program's `handleMessage`, in order. False if the worker has ended. */
  post(message: In, transfer?: readonly TransferListItem[]): boolean
  /** Ends the loop after its present turn, or the thread if that takes too long. Resolves when it has ended. */
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
      // Its last words may still lie there.
      for (let last = receiveMessageOnPort(port1); last; last = receiveMessageOnPort(port1)) hear(last.message)
      port1.close()
      // Only now: the worker waits for it until it has ended.
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
