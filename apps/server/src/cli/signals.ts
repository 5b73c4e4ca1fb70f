import type { Log } from '../log/log.ts'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** One Ctrl+C can arrive twice: from the terminal and from npm, which passes it on. */
const echoMs = 500

/** Waits for the wish to stop; a second one, that is no echo of the first, ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    let askedAt: number | undefined
    for (const signal of signals) {
      process.on(signal, () => {
        if (askedAt !== undefined && performance.now() - askedAt > echoMs) process.exit(130)
        askedAt ??= performance.now()
        resolve(signal)
      })
    }
  })
}

/** After an error that nobody caught the state is unknown: log it and end with 1, for a supervisor to start anew. */
export function exitOnSurprise(log: Log): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'unexpected error')
    process.exit(1)
  })
}
