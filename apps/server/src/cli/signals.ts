import type { Log } from '../log/log.ts'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** One Ctrl+C can arrive twice: from the terminal and from npm, which passes it on. */
const echoMs = 500

/** Resolves when the process is asked to stop. A second request, unless it is an echo of the first, ends it at once. */
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

/** After an error that nobody caught the state is unknown: logs it and exits with 1, so that a supervisor can start afresh. */
export function exitOnSurprise(log: Log): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'unexpected error')
    process.exit(1)
  })
}
