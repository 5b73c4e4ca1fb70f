import { formatHostPort } from '@parley/net'

/** A socket could not be opened. `code` is the system's, such as `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES` or `EMFILE`. */
export class UdpError extends Error {
  readonly code: string
  readonly address: string
  readonly port: number

  constructor(code: string, address: string, port: number, options?: ErrorOptions) {
    super(`UDP ${formatHostPort(address, port)}: ${reasons[code] ?? 'the system refused'} (${code})`, options)
    this.name = 'UdpError'
    this.code = code
    this.address = address
    this.port = port
  }

  /** Wraps an error of the system, as the cause. */
  static from(error: unknown, address: string, port: number): UdpError {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN'
    return new UdpError(code, address, port, { cause: error })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EACCES: 'the port needs privileges',
  EAFNOSUPPORT: 'this machine does not have that IP version',
  EMFILE: 'this process has no descriptors left',
  ENFILE: 'this machine has no descriptors left',
  ENOSPC: 'this machine watches as many descriptors as it may',
  ENOBUFS: 'this machine has no memory left for sockets',
  EINVAL: 'the address needs a zone, or cannot be listened on',
}
