import { formatHostPort } from '@parley/net'

/** A socket that could not be opened; `code` is the system's, such as `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`, `EMFILE`. */
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

  /** The same error as the system put it. */
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
  EINVAL: 'the address needs a zone, or is none to listen on',
}
