import { type ArrivalTime, feedbackOf, type TransportFeedback } from '@parley/rtp'
import { Bottleneck, type Capacity, type Dropper, LossyLink, seededRandom, TcpFlow } from '@parley/testkit'
import { Allocation, type StreamDemand } from '../allocation.ts'
import { LinkEstimate } from '../link-estimate.ts'
import { type Lane, lanes, Pacer } from '../pacer.ts'
import { FrameSource } from './frame-source.ts'

export interface SimulationOptions {
  readonly seed: number
  readonly capacity: Capacity
  readonly lengthMs: number
  /** Defaults: 200, 25, 100 ms. */
  readonly queueMs?: number
  readonly propagationMs?: number
  readonly feedbackMs?: number
  /** Feedback that is lost, 0 to 1, and by how much some of it is late, ms. Default 0. */
  readonly feedbackLoss?: number
  readonly feedbackJitterMs?: number
  readonly dropper?: Dropper
  /** When TCP connections that share the link begin; ms. */
  readonly tcpAt?: readonly number[]
  /** What is sent; without it, as much as the target allows. */
  readonly demands?: readonly StreamDemand<string>[]
}

/** What went on in a tenth of a second. */
export interface Sample {
  readonly at: number
  readonly capacityBps: number
  readonly estimateBps: number
  readonly targetBps: number
  readonly sentBps: number
  readonly tcpBps: number
}

export interface LayerChange {
  readonly at: number
  readonly key: string
  readonly from: number
  readonly to: number
  /** What could be sent was less than what was sent. */
  readonly forced: boolean
}

interface Packet {
  readonly bytes: number
  readonly lane: Lane
  readonly madeAt: number
}

/** On the link: a packet of ours, or a segment of a TCP connection. */
interface Carried {
  readonly packet?: Packet
  readonly sequenceNumber?: number
  readonly flow?: TcpFlow
  readonly segment?: number
}

const sampleMs = 100
const fillKey = 'fill'
const audio: StreamDemand<string> = { key: 'audio', priority: 0, bitrates: [40_000], wanted: 0 }

/**
 * A sender driven by estimate, pacer and allocation, a bottleneck, and a receiver that reports arrivals, in virtual time. What it
 * finds is in its fields after `run()`.
 */
export class Simulation {
  readonly samples: Sample[] = []
  /** How long each of our packets waited in the link's queue; and from being made to arrival, audio; ms. */
  readonly queueDelays: number[] = []
  readonly audioDelays: number[] = []
  readonly changes: LayerChange[] = []
  audioMade = 0
  probeBytes = 0
  sentBytes = 0
  /** Longest time in the pacer; ms. */
  longestPaced = 0
  readonly #options: Required<Pick<SimulationOptions, 'propagationMs' | 'feedbackMs'>> & SimulationOptions
  readonly #random: () => number
  readonly #link: Bottleneck<Carried>
  readonly #reverse: LossyLink<TransportFeedback>
  readonly #estimate = new LinkEstimate({ now: 0 })
  readonly #pacer = new Pacer<Packet>({ targetBps: 300_000 })
  readonly #allocation = new Allocation<string>()
  readonly #sources: FrameSource[] = []
  readonly #flows: { at: number; flow: TcpFlow }[] = []
  #arrivals: ArrivalTime[] = []
  #base = 0
  #feedbackCount = 0
  #feedbackAt: number
  #sampleAt = 0
  #sequenceNumber: number
  #sampledBytes = 0
  #sampledTcp = 0

  constructor(options: SimulationOptions) {
    const { seed, capacity, queueMs = 200, propagationMs = 25, feedbackMs = 100, dropper, tcpAt = [] } = options
    this.#options = { ...options, propagationMs, feedbackMs }
    this.#random = seededRandom(seed)
    this.#link = new Bottleneck({ capacity, queueMs, propagationMs, ...(dropper && { dropper }) })
    this.#reverse = new LossyLink({
      random: this.#random,
      delayMs: propagationMs,
      jitterMs: options.feedbackJitterMs ?? 0,
      loss: options.feedbackLoss ?? 0,
    })
    this.#feedbackAt = feedbackMs
    this.#sequenceNumber = Math.floor(0x10000 * this.#random())
    this.#base = this.#sequenceNumber
    for (const at of tcpAt) {
      const flow: TcpFlow = new TcpFlow({
        send: (segment, bytes, now) => this.#link.send({ flow, segment }, bytes, now),
        returnMs: propagationMs,
      })
      this.#flows.push({ at, flow })
    }
    for (const demand of [audio, ...(options.demands ?? [])]) {
      this.#sources.push(new FrameSource(demand, demand === audio ? 20 : 1000 / 30, this.#random))
    }
    if (!options.demands) {
      this.#sources.push(
        new FrameSource({ key: fillKey, priority: 3, bitrates: [0], wanted: 0 }, 1000 / 30, this.#random),
      )
    } else this.#estimate.wantedBps = Allocation.wantedBps([audio, ...options.demands])
  }

  run(): this {
    this.#allocate(0)
    for (let now = 0; now < this.#options.lengthMs; now = this.#nextTimeout(now)) this.#step(now)
    return this
  }

  /** Samples from one time to the other. */
  between(from: number, to: number): Sample[] {
    return this.samples.filter(({ at }) => at >= from && at < to)
  }

  #nextTimeout(now: number): number {
    let next = Math.min(
      this.#link.nextTimeout(),
      this.#reverse.nextTimeout(),
      this.#estimate.nextTimeout(),
      this.#pacer.nextTimeout(),
      this.#feedbackAt,
      this.#sampleAt,
    )
    for (const source of this.#sources) next = Math.min(next, source.nextAt)
    for (const { at, flow } of this.#flows) next = Math.min(next, Math.max(at, flow.nextTimeout()))
    return Math.max(next, now)
  }

  #step(now: number): void {
    for (let carried = this.#link.receive(now); carried; carried = this.#link.receive(now)) this.#receive(carried, now)
    for (const { at, flow } of this.#flows) if (now >= at && now >= flow.nextTimeout()) flow.handleTimeout(now)
    if (now >= this.#feedbackAt) this.#report(now)
    for (let report = this.#reverse.receive(now); report; report = this.#reverse.receive(now)) {
      this.#estimate.feedback(report, now)
      this.#allocate(now)
    }
    if (now >= this.#estimate.nextTimeout()) {
      this.#estimate.handleTimeout(now)
      this.#allocate(now)
      for (let bytes = this.#estimate.probe(now); bytes > 0; bytes = this.#estimate.probe(now)) {
        this.probeBytes += bytes
        this.#send({ bytes, lane: lanes.padding, madeAt: now }, now)
      }
    }
    for (const source of this.#sources) if (now >= source.nextAt) this.#frame(source, now)
    for (let packet = this.#pacer.pop(now); packet; packet = this.#pacer.pop(now)) this.#send(packet, now)
    if (now >= this.#sampleAt) this.#sample(now)
  }

  #allocate(now: number): void {
    const { targetBps } = this.#estimate
    this.#pacer.targetBps = targetBps
    const { demands } = this.#options
    if (!demands) {
      const [sound, fill] = this.#sources as [FrameSource, FrameSource]
      sound.bps = audio.bitrates[0] as number
      fill.bps = Math.max(0, targetBps - sound.bps)
      return
    }
    const before = this.#sources.reduce((sum, { bps }) => sum + bps, 0)
    const layers = this.#allocation.allocate([audio, ...demands], targetBps, now)
    for (const [i, layer] of layers.entries()) {
      const source = this.#sources[i] as FrameSource
      const { key } = source.demand
      if (layer !== source.layer) {
        this.changes.push({ at: now, key, from: source.layer, to: layer, forced: before > targetBps })
      }
      source.layer = layer
      source.bps = source.demand.bitrates[layer] ?? 0
    }
  }

  #frame(source: FrameSource, now: number): void {
    const lane =
      source.demand.priority === 0 ? lanes.audio : source.demand.priority === 1 ? lanes.speaker : lanes.others
    for (const bytes of source.frame(now)) {
      if (lane === lanes.audio) this.audioMade++
      const packet = { bytes, lane, madeAt: now }
      if (this.#pacer.mayPass(lane, bytes, now)) this.#send(packet, now)
      else this.#pacer.push(packet, lane, bytes, now)
    }
  }

  #send(packet: Packet, now: number): void {
    const { bytes, madeAt } = packet
    const sequenceNumber = this.#sequenceNumber
    this.#sequenceNumber = (sequenceNumber + 1) & 0xffff
    this.longestPaced = Math.max(this.longestPaced, now - madeAt)
    this.sentBytes += bytes
    this.#estimate.sent(sequenceNumber, bytes, now)
    this.#link.send({ packet, sequenceNumber }, bytes, now)
  }

  #receive({ packet, sequenceNumber, flow, segment }: Carried, now: number): void {
    if (flow && segment !== undefined) flow.receive(segment, now)
    if (!packet || sequenceNumber === undefined) return
    this.queueDelays.push(this.#link.waitedMs)
    if (packet.lane === lanes.audio) this.audioDelays.push(now - packet.madeAt)
    // Another clock, with a drift of 50 ppm.
    this.#arrivals.push({ sequenceNumber, arrivalUs: (now * 1.00005 + 77_777) * 1000 })
  }

  #report(now: number): void {
    this.#feedbackAt = now + this.#options.feedbackMs
    const waiting = this.#arrivals
    this.#arrivals = []
    for (let from = 0; from < waiting.length; ) {
      const { taken, ...report } = feedbackOf(this.#base, waiting.slice(from))
      if (taken === 0) break
      from += taken
      this.#base = ((waiting[from - 1] as ArrivalTime).sequenceNumber + 1) & 0xffff
      const feedbackPacketCount = this.#feedbackCount++ & 0xff
      this.#reverse.send({ senderSsrc: 1, mediaSsrc: 2, feedbackPacketCount, ...report }, now)
    }
  }

  #sample(now: number): void {
    this.#sampleAt = now + sampleMs
    const tcp = this.#flows.reduce((sum, { flow }) => sum + flow.delivered, 0)
    this.samples.push({
      at: now,
      capacityBps: this.#options.capacity.bps(now),
      estimateBps: this.#estimate.estimateBps,
      targetBps: this.#estimate.targetBps,
      sentBps: ((this.sentBytes - this.#sampledBytes) * 8000) / sampleMs,
      tcpBps: ((tcp - this.#sampledTcp) * 8000) / sampleMs,
    })
    this.#sampledBytes = this.sentBytes
    this.#sampledTcp = tcp
  }
}
