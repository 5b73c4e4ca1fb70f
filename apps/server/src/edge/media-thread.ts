import { type DtlsCertificate, DtlsContext } from '@parley/dtls'
import { type FromMedia, MediaCore, Router, type ToMedia } from '@parley/sfu'
import type { Datagram, Loop } from '@parley/udp'
import type { MediaThreadCounters } from './media-control.ts'

/** The SFU's part of a thread that serves UDP. */
export class MediaThread {
  readonly #loop: Loop
  readonly #dtls: DtlsContext
  readonly #router: Router
  readonly #core: MediaCore

  /** Throws where this Node cannot do DTLS-SRTP. */
  constructor(loop: Loop, certificate: DtlsCertificate, report: (message: FromMedia) => void) {
    this.#loop = loop
    this.#dtls = new DtlsContext(certificate)
    this.#router = new Router({ report })
    this.#core = new MediaCore({ dtls: this.#dtls, outgoing: loop, router: this.#router, report })
  }

  /** False: it is not for media. */
  receive(datagram: Datagram, now: number): boolean {
    return this.#core.receive(datagram, now)
  }

  command(message: ToMedia): void {
    this.#core.command(message, this.#loop.now())
  }

  nextTimeout(): number {
    return this.#core.nextTimeout()
  }

  handleTimeout(now: number): void {
    this.#core.handleTimeout(now)
  }

  counters(): MediaThreadCounters {
    return { ...this.#core.counters(), ...this.#router.counters() }
  }

  close(): void {
    this.#core.close(this.#loop.now())
    this.#dtls.close()
  }
}
