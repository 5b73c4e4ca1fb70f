import type { RtpPacket } from '@parley/rtp'
import type { FromMedia, ToMedia } from '../../control.ts'
import type { PipeCarrier, RtpTransport } from '../../ports.ts'
import { Workers } from '../../rooms/workers.ts'
import type { RouterCounters } from '../../router/counters.ts'
import { Router } from '../../router/router.ts'

type Row<Is extends ToMedia['is']> = Extract<ToMedia, { is: Is }>

const outgoingBytes = 1 << 16
const delayMs = 0.25

interface Crossing {
  readonly from: number
  readonly to: number
  readonly bytes: Uint8Array
  readonly at: number
}

export interface PipedRouterOptions {
  readonly report: (message: FromMedia, router: number) => void
  readonly random: () => number
  /** Default 2. */
  readonly routers?: number
  /** Where a transport is. Default: the first one on router 0, all others on router 1. */
  readonly routerOf?: (transport: number) => number
}

/** Several routers with pipes between them, in virtual time, that look like one: whoever subscribes is elsewhere than who publishes. */
export class PipedRouter {
  readonly routers: readonly Router[]
  /** All that was said to routers. */
  readonly told: { readonly router: number; readonly row: ToMedia }[] = []
  /** Which datagrams do not arrive. */
  lose: (bytes: Uint8Array, from: number, to: number) => boolean = () => false
  /** How many datagrams have crossed, by kind. */
  readonly crossed = new Map<number, number>()
  readonly #workers: Workers
  readonly #routerOf: (transport: number) => number
  readonly #crossing: Crossing[] = []
  readonly #subscriptions = new Map<number, number>()
  #numbers = 1_000_000
  #now = 0

  constructor({ report, random, routers = 2, routerOf = transport => (transport === 1 ? 0 : 1) }: PipedRouterOptions) {
    this.#routerOf = routerOf
    this.routers = Array.from({ length: routers }, (_, number) => {
      return new Router({ report: message => report(message, number), random, carrier: this.#carrier(number) })
    })
    const workers = this.routers.map((router, number) => ({
      send: (row: ToMedia) => {
        this.told.push({ router: number, row })
        const command = router[row.is as 'want'] as (row: ToMedia, now: number) => void
        command.call(router, row, this.#now)
      },
    }))
    this.#workers = new Workers(workers, () => ++this.#numbers)
  }

  publish(row: Row<'publish'>): void {
    this.#workers.send(this.#routerOf(row.transport), row)
  }

  subscribe(row: Row<'subscribe'>, now: number): void {
    this.#now = now
    this.#subscriptions.set(row.subscription, row.transport)
    this.#workers.send(this.#routerOf(row.transport), row)
  }

  want(row: Row<'want'>, now: number): void {
    this.#tellSubscription(row, now)
  }

  unsubscribe(row: Row<'unsubscribe'>, now: number): void {
    this.#tellSubscription(row, now)
    this.#subscriptions.delete(row.subscription)
  }

  /** @param on Where the voice is judged. */
  voice(row: Row<'voice'>, now: number, on: number): void {
    this.#now = now
    this.#workers.send(on, row)
  }

  unpublish(row: Row<'unpublish'>, now: number, on = 0): void {
    this.#now = now
    this.#workers.send(on, row)
  }

  receiveRtp(transport: RtpTransport, packet: RtpPacket, now: number): void {
    this.#of(transport, now).receiveRtp(transport, packet, now)
  }

  receiveRtcp(transport: RtpTransport, bytes: Uint8Array, start: number, end: number, now: number): void {
    this.#of(transport, now).receiveRtcp(transport, bytes, start, end, now)
  }

  transportConnected(transport: RtpTransport, now: number): void {
    this.#of(transport, now).transportConnected(transport, now)
  }

  transportClosed(transport: RtpTransport, now: number): void {
    for (const [subscription, of] of this.#subscriptions) {
      if (of === transport.id) this.unsubscribe({ is: 'unsubscribe', subscription }, now)
    }
    this.#of(transport, now).transportClosed(transport, now)
    // Nobody is left for what is on its way.
    if (this.#subscriptions.size === 0) this.#crossing.length = 0
  }

  nextTimeout(): number {
    return Math.min(this.#crossing[0]?.at ?? Number.POSITIVE_INFINITY, ...this.routers.map(one => one.nextTimeout()))
  }

  handleTimeout(now: number): void {
    this.#now = now
    for (const router of this.routers) if (router.nextTimeout() <= now) router.handleTimeout(now)
    while ((this.#crossing[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      const { from, to, bytes } = this.#crossing.shift() as Crossing
      this.routers[to]?.receivePiped(from, bytes, 0, bytes.length, now)
    }
  }

  /** The sums of all. */
  counters(): RouterCounters {
    const [first, ...others] = this.routers.map(router => router.counters())
    const sum = { ...(first as RouterCounters) }
    for (const counters of others) {
      for (const name of Object.keys(sum) as (keyof RouterCounters)[]) sum[name] += counters[name]
    }
    return sum
  }

  #of({ id }: RtpTransport, now: number): Router {
    this.#now = now
    return this.routers[this.#routerOf(id)] as Router
  }

  #tellSubscription(row: Row<'want' | 'unsubscribe'>, now: number): void {
    this.#now = now
    this.#workers.send(this.#routerOf(this.#subscriptions.get(row.subscription) ?? 0), row)
  }

  #carrier(from: number): PipeCarrier {
    const outgoing = new Uint8Array(outgoingBytes)
    return {
      outgoing,
      reserve: () => 0,
      send: (to, start, end) => {
        const bytes = outgoing.slice(start, end)
        const kind = bytes[4] as number
        this.crossed.set(kind, (this.crossed.get(kind) ?? 0) + 1)
        if (!this.lose(bytes, from, to)) this.#crossing.push({ from, to, bytes, at: this.#now + delayMs })
        return true
      },
    }
  }
}
