import type { Program } from '@parley/udp'
import type { SfuClient } from './sfu-client.ts'

const tickMs = 10

/** Drives any number of clients on one loop, to within {@link tickMs}: asking hundreds at every turn would be load itself. */
export class ClientGroup implements Program {
  readonly #clients = new Set<SfuClient>()
  #due = 0

  add(client: SfuClient): void {
    this.#clients.add(client)
  }

  remove(client: SfuClient): void {
    this.#clients.delete(client)
  }

  nextTimeout(): number {
    return this.#due
  }

  handleTimeout(now: number): void {
    this.#due = now + tickMs
    for (const client of this.#clients) if (client.nextTimeout() <= now) client.handleTimeout(now)
  }

  /** Closes all of them. */
  close(): void {
    for (const client of this.#clients) client.close()
    this.#clients.clear()
  }
}
