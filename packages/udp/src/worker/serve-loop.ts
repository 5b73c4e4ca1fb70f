import { type TransferListItem, workerData } from 'node:worker_threads'
import { createLoop } from '../create-loop.ts'
import type { Loop, Program } from '../types.ts'
import { errorMessage, type WorkerSetup } from './wire.ts'

export interface LoopContext<Data, Out> {
  readonly loop: Loop
  /** The host's `data`. */
  readonly data: Data
  /** Sends to the host's `onMessage`. */
  post(message: Out, transfer?: readonly TransferListItem[]): void
}

/** A program that may have last words: `close` is called after `stop`, while its sockets are still open. */
export interface ServedProgram<In> extends Program<In> {
  close?(): void
}

/**
 * In a worker that `startLoopWorker` started: makes a loop and runs the program that `make` returns until the host says
 * stop. A batched loop holds the thread: use no promises or timers in the program, and messages instead of the console.
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
