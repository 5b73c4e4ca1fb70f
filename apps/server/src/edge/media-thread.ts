import type { DtlsContext } from '@parley/dtls'
import { MediaCore, type MediaCoreOptions, Router, type ToMedia } from '@parley/sfu'
import type { Datagram, Loop } from '@parley/udp'
import type { MediaThreadCounters } from './media-control.ts'

/** The SFU's part of a thread that serves UDP. */
export class MediaThread {
  readonly #loop: Loop
  readonly #dtls: DtlsContext
  readonly #router: Router
  readonly #core: MediaCore

  /** `dtls` is closed with it. */
  constructor(
    loop: Loop,
    dtls: DtlsContext,
    { report, sourceOf }: Required<Pick<MediaCoreOptions, 'report' | 'sourceOf'>>,
  ) {
    this.#loop = loop
    this.#dtls = dtls
    this.#router = new Router({ report })
    this.#core = new MediaCore({ dtls: this.#dtls, outgoing: loop, router: this.#router, report, sourceOf })
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
