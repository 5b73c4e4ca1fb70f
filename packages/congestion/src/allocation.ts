/** To go up, the target has to exceed what is then sent by this factor. */
const headroom = 1.15
/**
 * A stream whose layer has changed keeps it for so long, unless it has to go down, something else is wanted, or it has never gone
 * down: then it still climbs to where it belongs; ms.
 */
const holdMs = 5000

/** One that was paused for want of capacity comes back after this: a picture that stands still is worse than one that changes; ms. */
const pausedMs = 1000

/** Who is served first. */
export const classes = { audio: 0, speaker: 1, screen: 2, others: 3 } as const

export interface StreamDemand<K> {
  /** Tells it from the others, for as long as it lasts. */
  readonly key: K
  readonly priority: (typeof classes)[keyof typeof classes]
  /** Among those of the same class, the higher is served first. Default 1. */
  readonly weight?: number
  /** In bit/s, of each layer that is available, ascending, each with what it is built on. */
  readonly bitrates: readonly number[]
  /** Index of the highest layer that is of use; -1: none. */
  readonly wanted: number
}

/** What a stream is to be sent: an index of its bitrates; -1: nothing. */
const paused = -1

interface Served {
  layer: number
  wanted: number
  priority: number
  changedAt: number
  /** It has never had to go down. */
  climbs: boolean
  seen: number
}

/** Index by index with the demands: the highest layer that each may have, and what it gets. */
interface Share<K> {
  readonly demand: StreamDemand<K>
  readonly served: Served
  limit: number
  layer: number
}

/**
 * Shares what a link carries among one receiver's streams: first each one's lowest layer by priority, then layers upwards, class by
 * class, the lowest first. Layers rise only with headroom, and rarely, and fall at once when they have to. Remembers
 * each stream's layer; streams that are no longer named are forgotten.
 */
export class Allocation<K> {
  readonly #served = new Map<K, Served>()
  #round = 0

  /** What all of it would need, with headroom to rise: what a link is to be probed for. */
  static wantedBps(demands: readonly StreamDemand<unknown>[]): number {
    return (
      headroom *
      demands.reduce((sum, { bitrates, wanted }) => sum + rate(bitrates, Math.min(wanted, bitrates.length - 1)), 0)
    )
  }

  /** Gives each stream a layer, in the order of the demands. To be called when the target or a demand changes, and now and then. */
  allocate(demands: readonly StreamDemand<K>[], targetBps: number, now: number): number[] {
    this.#round++
    const shares = demands.map(demand => this.#share(demand))
    const order = shares.toSorted(byPriority)
    fill(order, targetBps / headroom)
    for (const share of shares) {
      const { demand, served, layer } = share
      const free = isNews(share) || served.climbs || now - served.changedAt >= holdMs
      const returns = served.layer === paused && layer >= 0 && now - served.changedAt >= pausedMs
      share.limit = Math.min(highest(demand), free ? Math.max(layer, served.layer) : returns ? 0 : served.layer)
    }
    fill(order, targetBps)
    if (!shares.some(isNews)) keepHeld(shares, targetBps, now)
    for (const share of shares) commit(share, now)
    for (const [key, { seen }] of this.#served) if (seen !== this.#round) this.#served.delete(key)
    return shares.map(({ layer }) => layer)
  }

  #share(demand: StreamDemand<K>): Share<K> {
    let served = this.#served.get(demand.key)
    if (!served) {
      served = {
        layer: paused,
        wanted: paused,
        priority: demand.priority,
        changedAt: Number.NEGATIVE_INFINITY,
        climbs: true,
        seen: 0,
      }
      this.#served.set(demand.key, served)
    }
    served.seen = this.#round
    return { demand, served, limit: highest(demand), layer: paused }
  }
}

/** Something else is wanted of this stream than last time. */
function isNews({ demand, served }: Share<unknown>): boolean {
  return demand.wanted !== served.wanted || demand.priority !== served.priority
}

/** Nobody gives way to another while its layer is to be kept, if all can stay as it is. */
function keepHeld(shares: readonly Share<unknown>[], targetBps: number, now: number): void {
  const kept = ({ demand, served }: Share<unknown>) => Math.min(served.layer, highest(demand))
  const used = shares.reduce((sum, share) => sum + rate(share.demand.bitrates, kept(share)), 0)
  const robbed = shares.some(share => share.layer < kept(share) && now - share.served.changedAt < holdMs)
  if (robbed && used <= targetBps) for (const share of shares) share.layer = kept(share)
}

function highest({ wanted, bitrates }: StreamDemand<unknown>): number {
  return Math.min(wanted, bitrates.length - 1)
}

function rate(bitrates: readonly number[], layer: number): number {
  return bitrates[layer] ?? 0
}

function byPriority(one: Share<unknown>, other: Share<unknown>): number {
  return one.demand.priority - other.demand.priority || (other.demand.weight ?? 1) - (one.demand.weight ?? 1)
}

/** Gives layers up to each share's limit, as far as the rate goes. Audio is given whatever the rate. */
function fill<K>(order: readonly Share<K>[], targetBps: number): void {
  let left = targetBps
  for (const share of order) {
    const { demand } = share
    const lowest = rate(demand.bitrates, 0)
    const given = share.limit >= 0 && (lowest <= left || demand.priority === classes.audio)
    share.layer = given ? 0 : paused
    if (given) left -= lowest
  }
  for (let from = 0; from < order.length; ) {
    let to = from
    while (order[to]?.demand.priority === order[from]?.demand.priority) to++
    left = raise(order.slice(from, to), left)
    from = to
  }
}

/** Raises the streams of one class step by step, the lowest first. Returns what is left. */
function raise<K>(shares: readonly Share<K>[], targetBps: number): number {
  let left = targetBps
  for (let layer = 0, risen = true; risen; layer++) {
    risen = false
    for (const share of shares) {
      if (share.layer !== layer || layer >= share.limit) continue
      const step = rate(share.demand.bitrates, layer + 1) - rate(share.demand.bitrates, layer)
      if (step > left) continue
      share.layer++
      left -= step
      risen = true
    }
  }
  return left
}

function commit(share: Share<unknown>, now: number): void {
  const { demand, served, layer } = share
  // What changes because something else is wanted says nothing of the link.
  if (layer !== served.layer && !isNews(share)) {
    served.changedAt = now
    if (layer < served.layer) served.climbs = false
  }
  served.layer = layer
  served.wanted = demand.wanted
  served.priority = demand.priority
}
