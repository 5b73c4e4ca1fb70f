import type { Log } from '../log/log.ts'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Waits for the wish to stop; a second one ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    let asked = false
    for (const signal of signals) {
      process.on(signal, () => {
        if (asked) process.exit(130)
        asked = true
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
