import { type TransferListItem, workerData } from 'node:worker_threads'
import { createLoop } from '../create-loop.ts'
import type { Loop, Program } from '../types.ts'
import { errorMessage, type WorkerSetup } from './wire.ts'

export interface LoopContext<Data, Out> {
  readonly loop: Loop
  /** The `data` that the worker was started with. */
  readonly data: Data
  /** Sends to the `onMessage` of whoever started the worker. */
  post(message: Out, transfer?: readonly TransferListItem[]): void
}

/** A program in a worker. Its `close` is called after `stop`, while its sockets are still open. */
export interface ServedProgram<In> extends Program<In> {
  close?(): void
}

/**
 * For the module of a worker that `startLoopWorker` starts: makes a loop, and runs the program that `make` returns until it is
 * told to stop. A batched loop blocks the thread, so the program cannot use promises or timers, and should send messages
 * instead of writing to the console.
 *
 * @example
 * await serveLoop<Config, Command, Report>(({ loop, data, post }) => new RelayProgram(loop, data, post))
 */
export async function serveLoop<Data, In, Out>(
  make: (context: LoopContext<Data, Out>) => ServedProgram<In>,
): Promise<void> {
  const { kind, maxDatagramBytes, urgent = false, control, data }: WorkerSetup = workerData.setup
  const { port } = control
  const loop = createLoop(
    {
      control,
      urgent,
      onError: error => port.postMessage(errorMessage(error)),
      ...(maxDatagramBytes !== undefined && { maxDatagramBytes }),
    },
    kind,
  )
  try {
    const program = make({
      loop,
      data: data as Data,
      post: (value, transfer = []) => port.postMessage({ kind: 'message', value }, transfer),
    })
    await loop.run(program as Program)
    program.close?.()
  } finally {
    loop.close()
    port.close()
  }
}
