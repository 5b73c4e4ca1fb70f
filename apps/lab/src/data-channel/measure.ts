import { pause } from '../report/run.ts'
import type { Link } from './link.ts'
import type { Receipt } from './result.ts'
import { type BufferSample, type ChannelResult, type Latency, latencyOf, rateOf, type Throughput } from './result.ts'

export type Step = 'opening' | 'latency' | 'forth' | 'back'

export interface MeasureOptions {
  readonly chunkBytes: number
  readonly seconds: number
  readonly signal: AbortSignal
  readonly onStep?: (step: Step) => void
}

const pings = 40
const pingEveryMs = 20
const pingBytes = 64
const lastPingMs = 1000
/** How much the browser may buffer: enough never to run dry, little enough to drain soon after stopping. */
const storeBytes = 1 << 20
const sampleEveryMs = 100

/** Upper limit for the duration of the test, with some margin. */
export function measureLimitMs(seconds: number): number {
  return 15_000 + pings * pingEveryMs + lastPingMs + 2 * (seconds * 1000 + drainLimitMs) + 3000
}

/** Measures latency first, while the link is idle, and then the throughput of each direction at full speed. */
export async function measureLink(
  link: Link,
  { chunkBytes, seconds, signal, onStep }: MeasureOptions,
): Promise<ChannelResult> {
  const bytes = Math.min(chunkBytes, link.maxMessageBytes)
  onStep?.('latency')
  const latency = await measureLatency(link, signal)
  onStep?.('forth')
  const forth = await measureThroughput(link.near, link.far, bytes, seconds, signal)
  onStep?.('back')
  const back = await measureThroughput(link.far, link.near, bytes, seconds, signal)
  return { setUpMs: link.setUpMs, latency, forth, back }
}

async function measureLatency({ near, far }: Link, signal: AbortSignal): Promise<Latency> {
  const sentAt: number[] = []
  const roundTrips: (number | undefined)[] = []
  const stop = new AbortController()
  const heard = { signal: stop.signal }
  far.addEventListener(
    'message',
    ({ data }) => {
      const message = decode(data)
      if (message?.kind === 'ping' && far.readyState === 'open') far.send(encode('echo', message.number, pingBytes))
    },
    heard,
  )
  near.addEventListener(
    'message',
    ({ data }) => {
      const message = decode(data)
      const began = message?.kind === 'echo' ? sentAt[message.number] : undefined
      if (message && began !== undefined) roundTrips[message.number] ??= performance.now() - began
    },
    heard,
  )
  try {
    for (let number = 0; number < pings; number++) {
      sentAt.push(performance.now())
      roundTrips.push(undefined)
      near.send(encode('ping', number, pingBytes))
      await pause(pingEveryMs, signal)
    }
    const end = performance.now() + lastPingMs
    while (roundTrips.includes(undefined) && performance.now() < end) await pause(pingEveryMs, signal)
    return latencyOf(roundTrips)
  } finally {
    stop.abort()
  }
}

async function measureThroughput(
  from: RTCDataChannel,
  to: RTCDataChannel,
  bytes: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Throughput> {
  const arrivals = new Arrivals()
  const buffered: BufferSample[] = []
  const stop = new AbortController()
  const began = performance.now()
  let sent = 0
  const message = (number: number) => encode('bulk', number, bytes)
  const fill = () => {
    if (from.readyState !== 'open') return
    while (from.bufferedAmount < storeBytes && performance.now() - began < seconds * 1000) from.send(message(sent++))
  }
  to.addEventListener(
    'message',
    ({ data }) => {
      const got = decode(data)
      if (got?.kind === 'bulk') arrivals.add(got.number, got.bytes, performance.now() - began)
    },
    { signal: stop.signal },
  )
  from.bufferedAmountLowThreshold = storeBytes / 2
  from.addEventListener('bufferedamountlow', fill, { signal: stop.signal })
  try {
    while (performance.now() - began < seconds * 1000) {
      fill()
      buffered.push({ atMs: performance.now() - began, bytes: from.bufferedAmount })
      await pause(sampleEveryMs, signal)
    }
    const endedMs = performance.now() - began
    let due: number | undefined
    while (due === undefined) {
      await pause(sampleEveryMs, signal)
      due = arrivals.due(sent, endedMs, performance.now() - began)
    }
    const { receipts } = arrivals
    return { bitsPerSecond: rateOf(receipts), messagesSent: due, messagesReceived: receipts.length, buffered }
  } finally {
    stop.abort()
  }
}

/** Messages on the channel under test: one byte for the kind, four for the number, then padding. */
type Kind = 'ping' | 'echo' | 'bulk'

const kinds: readonly Kind[] = ['ping', 'echo', 'bulk']
const headBytes = 5

/** A message of exactly `bytes` bytes, but no fewer than the five of its header. */
export function encode(kind: Kind, number: number, bytes: number): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(Math.max(headBytes, bytes))
  message[0] = kinds.indexOf(kind)
  new DataView(message.buffer).setUint32(1, number)
  return message
}

/** Undefined for anything that {@link encode} did not write. */
export function decode(
  data: unknown,
): { readonly kind: Kind; readonly number: number; readonly bytes: number } | undefined {
  if (!(data instanceof ArrayBuffer) || data.byteLength < headBytes) return undefined
  const view = new DataView(data)
  const kind = kinds[view.getUint8(0)]
  return kind && { kind, number: view.getUint32(1), bytes: data.byteLength }
}

/** After this long without a message, no more are expected. */
export const quietMs = 2000
/** Messages still in flight this long after the last was sent are not waited for. */
export const drainLimitMs = 8000

/** Counts the numbered messages that arrive, and how many of those sent should have arrived by now. */
export class Arrivals {
  readonly receipts: Receipt[] = []
  #next = 0
  #heardAt = 0

  add(number: number, bytes: number, atMs: number): void {
    this.receipts.push({ atMs, bytes })
    this.#next = Math.max(this.#next, number + 1)
    this.#heardAt = atMs
  }

  /**
   * How many of `sent` messages should have arrived by `nowMs`, if the last was sent at `endedMs`; undefined while more
   * may come. Messages that never arrive count as lost; those still in flight on a slow path when waiting ends do not.
   */
  due(sent: number, endedMs: number, nowMs: number): number | undefined {
    if (this.receipts.length >= sent) return sent
    if (nowMs - Math.max(this.#heardAt, endedMs) >= quietMs) return sent
    return nowMs - endedMs >= drainLimitMs ? this.#next : undefined
  }
}
