import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { SubscribedMedia, ToMedia, Want } from '../../control.ts'

/** A worker that insists on what the contract promises: numbers are new, and what is named exists. */
export class WorkerModel {
  readonly transports = new Map<number, { readonly ufrags: Set<string>; readonly ssrcs: Set<number> }>()
  readonly publications = new Map<number, number>()
  /** Publications that come from another worker, with their pipes. */
  readonly piped = new Map<number, number>()
  /** Pipes to other workers, with their publications. */
  readonly pipes = new Map<number, number>()
  readonly subscriptions = new Map<number, { readonly transport: number; readonly publication: number; want: Want }>()
  readonly #numbers = new Set<number>()

  receive(message: ToMedia): void {
    switch (message.is) {
      case 'open':
        this.#fresh(message.transport)
        this.transports.set(message.transport, { ufrags: new Set([message.local.ufrag]), ssrcs: new Set() })
        break
      case 'remote':
        this.#transport(message.transport)
        break
      case 'restart': {
        const { ufrags } = this.#transport(message.transport)
        assert(!ufrags.has(message.local.ufrag), 'new credentials are new')
        ufrags.add(message.local.ufrag)
        break
      }
      case 'close':
        this.#transport(message.transport)
        assert(![...this.publications.values()].includes(message.transport), 'nothing is published on what closes')
        assert(
          [...this.subscriptions.values()].every(({ transport }) => transport !== message.transport),
          'nothing is subscribed on what closes',
        )
        this.transports.delete(message.transport)
        break
      case 'publish':
        this.#fresh(message.publication)
        this.#transport(message.transport)
        this.publications.set(message.publication, message.transport)
        break
      case 'piped':
        this.#fresh(message.pipe)
        assert(!this.#has(message.publication), 'it is not there yet')
        this.piped.set(message.publication, message.pipe)
        break
      case 'pipe':
        this.#fresh(message.pipe)
        assert(this.publications.has(message.publication), 'it is published here')
        this.pipes.set(message.pipe, message.publication)
        break
      case 'unpipe':
        assert(this.pipes.delete(message.pipe), 'the pipe is open')
        break
      case 'republish':
      case 'voice':
        assert(this.#has(message.publication))
        break
      case 'unpublish':
        assert(this.publications.delete(message.publication) || this.piped.delete(message.publication))
        for (const [pipe, of] of this.pipes) if (of === message.publication) this.pipes.delete(pipe)
        assert(
          [...this.subscriptions.values()].every(({ publication }) => publication !== message.publication),
          'subscriptions end before their publication',
        )
        break
      case 'subscribe':
        this.#fresh(message.subscription)
        assert(this.#has(message.publication), 'the publication is there')
        this.#sources(message.transport, message.media)
        this.subscriptions.set(message.subscription, { ...message })
        break
      case 'resubscribe':
        assert(this.subscriptions.has(message.subscription))
        break
      case 'want': {
        const subscription = this.subscriptions.get(message.subscription)
        assert(subscription && !isDeepStrictEqual(subscription.want, message.want), 'it changes something')
        subscription.want = message.want
        break
      }
      case 'unsubscribe':
        assert(this.subscriptions.delete(message.subscription))
        break
    }
  }

  #has(publication: number): boolean {
    return this.publications.has(publication) || this.piped.has(publication)
  }

  #fresh(number: number): void {
    assert(!this.#numbers.has(number), 'numbers are never used twice')
    this.#numbers.add(number)
  }

  #transport(number: number) {
    const transport = this.transports.get(number)
    assert(transport, 'the transport is open')
    return transport
  }

  #sources(transport: number, { ssrc, rtxSsrc }: SubscribedMedia): void {
    const { ssrcs } = this.#transport(transport)
    for (const source of [ssrc, rtxSsrc]) {
      if (source === undefined) continue
      assert(!ssrcs.has(source), 'a source is never used twice on a transport')
      ssrcs.add(source)
    }
  }
}
