import type { DtlsCertificate } from '@parley/dtls'
import type { FromMedia } from '@parley/sfu'
import { startLoopWorker, workerEntry } from '@parley/udp'
import type { EdgeConfig } from './config.ts'
import { type Letter, Mailbox, remote } from './mailbox.ts'
import { roomsPort, type WorkerCalls, workerPort } from './ports.ts'

/** What a worker is started with: the one place where memory is shared. */
export interface WorkerSetup {
  readonly config: EdgeConfig
  /** Forward media with it; undefined: do not. */
  readonly certificate: DtlsCertificate | undefined
  /** The same in every thread, for clients that change between UDP and TCP. */
  readonly nonceKey: Uint8Array
  /** Of a `RelayRegistry`, so that a client on UDP and one on TCP reach each other. */
  readonly relayMemory: SharedArrayBuffer
  /** Of `BridgePorts`, so that those who come by ICE-TCP are counted by their own addresses. */
  readonly bridgeMemory: SharedArrayBuffer
  /** Of a `QuotaBoard`, so that a user has one quota for all transports. */
  readonly quotaMemory: SharedArrayBuffer
}

export interface WorkerHost {
  /** A handler threw; service goes on. */
  mistake(error: unknown): void
  /** The thread has ended by itself. */
  lost(reason: Error): void
  /** What it has to say to the SFU's rooms. */
  report(row: FromMedia): void
}

/** A worker thread, from outside. */
export interface WorkerHandle extends WorkerCalls {
  close(): Promise<void>
}

export function startWorker(setup: WorkerSetup, { mistake, lost, report }: WorkerHost): WorkerHandle {
  const mailbox = new Mailbox({ post: letter => void thread.post(letter) })
  mailbox.serve(roomsPort, { report })
  const thread = startLoopWorker<Letter, Letter>(workerEntry(import.meta.url, 'worker'), {
    data: setup,
    name: 'worker',
    urgent: true,
    onMessage: letter => mailbox.receive(letter),
    onError: mistake,
    onExit(reason) {
      mailbox.close(reason?.message ?? 'the worker has stopped')
      if (reason) lost(reason)
    },
  })
  return { ...remote(workerPort, () => mailbox), close: () => thread.stop() }
}
