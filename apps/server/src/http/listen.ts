import type { Server } from 'node:net'
import { Failure, messageOf, systemCode } from '../failure.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** The option's flag, for error messages. */
  readonly flag: string
  /** The port is a default, not a choice: if it is taken, the next free one will do. */
  readonly mayMove: boolean
}

const portsToTry = 20

/**
 * Starts to listen and resolves with the port.
 * @throws Failure for a taken or forbidden port, and for an address that this machine does not have
 */
export async function listen(server: Server, { host, port, flag, mayMove }: ListenOptions): Promise<number> {
  const last = mayMove && port !== 0 ? Math.min(port + portsToTry, 65_535) : port
  for (let candidate = port; ; candidate++) {
    try {
      return await listenOn(server, host, candidate)
    } catch (error) {
      const code = systemCode(error)
      if (code === 'EADDRINUSE' && candidate < last) continue
      throw portFailure(error, { host, port, flag })
    }
  }
}

/** Explains why a port cannot be opened. */
export function portFailure(error: unknown, asked: Omit<ListenOptions, 'mayMove'>): Failure {
  const words = explain(systemCode(error), asked) ?? `${asked.flag} ${asked.port}: ${messageOf(error)}`
  return new Failure(1, words, { cause: error })
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => {
      server.off('listening', listening)
      reject(error)
    }
    const listening = () => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    }
    server.once('error', failed).once('listening', listening)
    server.listen({ host, port })
  })
}

function explain(code: string | undefined, { host, port, flag }: Omit<ListenOptions, 'mayMove'>): string | undefined {
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: `${flag} ${port}: another program is using this port. Stop it, or choose another port.`,
    EACCES:
      `${flag} ${port}: ports below 1024 need permission. Choose a higher one, or allow it ` +
      '(Linux: sudo setcap cap_net_bind_service=+ep "$(readlink -f "$(which node)")").',
    EADDRNOTAVAIL: `--host ${host} is not an address of this machine.`,
    ENOTFOUND: `--host ${host} is not known here.`,
  }
  return words[code ?? '']
}
