import { RelayRegistry } from '@parley/turn'
import type { Address } from '@parley/udp'

/** Where this machine reaches its own sockets that listen on `host`. */
export function insideHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}

/**
 * Which ports of this machine are those of ICE-TCP bridges, and for whom each stands: a media worker sees all of these clients
 * at one address, and must not count them as one.
 */
export class BridgePorts {
  /** To be handed to other threads. */
  readonly memory: SharedArrayBuffer
  readonly #host: string
  readonly #registry: RelayRegistry

  /** @param host Where the worker listens. @param memory That of another thread's. */
  constructor(host: string, memory?: SharedArrayBuffer) {
    this.#host = insideHost(host)
    this.#registry = new RelayRegistry(memory)
    this.memory = this.#registry.memory
  }

  /** For a bridge of this client's. */
  of(client: Address): { add(port: number): void; delete(port: number): void } {
    return {
      add: port => this.#registry.add(0, port, client.bytes()),
      delete: port => this.#registry.delete(0, port),
    }
  }

  /** The address of the client whose bridge sends from there, 16 bytes; undefined if none does. */
  clientBehind({ host, port }: Address): Uint8Array | undefined {
    return host === this.#host ? this.#registry.clientAt(0, port) : undefined
  }
}
