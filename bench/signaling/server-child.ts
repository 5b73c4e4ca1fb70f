import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer } from '../child.ts'

function commands(httpServer: Server) {
  return {
    /** Returns the port. */
    listen: () =>
      new Promise<number>(resolve => {
        httpServer.listen(0, '127.0.0.1', () => resolve((httpServer.address() as AddressInfo).port))
      }),
    /** µs of CPU used so far, by all threads. */
    cpu: () => {
      const { user, system } = process.cpuUsage()
      return user + system
    },
    /** Bytes after a garbage collection. */
    memory: () => {
      globalThis.gc?.()
      const { rss, heapUsed } = process.memoryUsage()
      return { rss, heapUsed }
    },
  }
}

export type ServerCommands = ReturnType<typeof commands>

/** Runs what `attach` puts on a plain HTTP server, and reports the CPU and memory that it has used. */
export function serve(attach: (httpServer: Server) => void): void {
  const httpServer = createServer()
  attach(httpServer)
  answer(commands(httpServer))
}
