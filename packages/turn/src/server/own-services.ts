import type { Address } from '@parley/udp'
import { AddressMap } from './address-map.ts'

/** A service of this machine that clients may reach by this very address and port, though nothing else here. */
export interface OwnService {
  /** By which clients know it. */
  readonly announced: Address
  /** Where the kernel has it; behind a 1:1 NAT another address. */
  readonly kernel: Address
}

/** The services of this machine that may be relayed to over UDP, such as an SFU. */
export class OwnServices {
  readonly #byAnnounced = new AddressMap<OwnService>()
  readonly #byKernel = new AddressMap<OwnService>()

  /** These from now on. */
  set(services: readonly OwnService[]): void {
    this.#byAnnounced.clear()
    this.#byKernel.clear()
    for (const service of services) {
      this.#byAnnounced.set(service.announced, service)
      if (!this.#byKernel.get(service.kernel)) this.#byKernel.set(service.kernel, service)
    }
  }

  /** Undefined: there is none of that address and port. */
  at(announced: Address): OwnService | undefined {
    return this.#byAnnounced.get(announced)
  }

  /**
   * Which service has sent from there. A service that listens everywhere answers from whatever address is nearest to the
   * relay, so of those on its port it is the one that the client has spoken to `last`.
   */
  from(kernel: Address, last: OwnService | undefined): OwnService | undefined {
    const service = this.#byKernel.get(kernel)
    return service && last?.kernel.port === kernel.port && last.kernel.version === kernel.version ? last : service
  }
}
