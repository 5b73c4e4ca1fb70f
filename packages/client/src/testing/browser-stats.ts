import type { StatsEntry } from '../stats/counters.ts'
import { type Report, readPeerStats } from '../stats/peer-stats.ts'
import type { PeerStats } from '../stats/types.ts'

/** What happens each second on a connection that sends and receives a camera. */
export interface Flow {
  readonly capturedFrames: number
  readonly sentFrames: number
  readonly sentHeight: number
  readonly sentBps: number
  readonly limitedBy: string
  /** Seconds of the encoder's work, and of the decoder's. */
  readonly encoding: number
  readonly decoding: number
  readonly availableBps: number
  readonly lossOut: number
  readonly packetsIn: number
  readonly lostIn: number
  readonly framesIn: number
  readonly decoded: number
  readonly freezes: number
}

const allWell: Flow = {
  capturedFrames: 30,
  sentFrames: 30,
  sentHeight: 720,
  sentBps: 1_700_000,
  limitedBy: 'none',
  encoding: 0.3,
  decoding: 0.1,
  availableBps: 3_500_000,
  lossOut: 0,
  packetsIn: 200,
  lostIn: 0,
  framesIn: 30,
  decoded: 30,
  freezes: 0,
}

export type Browser = 'Chromium' | 'Firefox' | 'one that leaves out whatever it may'

/** The entries, and their members, that `getStats` of Chromium 156 and Firefox 153 returns for such a connection. */
export class BrowserStats {
  readonly #browser: Browser
  readonly #participant: string
  readonly #totals = new Map<string, number>()
  #report: Report | undefined
  #at = 1_796_017_559_239

  constructor(browser: Browser, participant = 'bob') {
    this.#browser = browser
    this.#participant = participant
  }

  /** Lets some time pass, and measures the connection. */
  after(ms: number, change: Partial<Flow> = {}): PeerStats {
    const flow = { ...allWell, ...change }
    this.#at += ms
    const total = (name: string, perSecond: number) => {
      const sum = (this.#totals.get(name) ?? 0) + (perSecond * ms) / 1000
      this.#totals.set(name, sum)
      return sum
    }
    const entries = this.#entries(flow, total).map(entry => ({ timestamp: this.#at, ...entry }) as StatsEntry)
    const report = new Map(entries.map(entry => [entry.id, entry]))
    const section = { id: 'camera', source: 'camera' } as const
    const stats = readPeerStats(report, this.#report, {
      participant: this.#participant,
      outgoing: new Map([['0', section]]),
      incoming: new Map([['1', section]]),
    })
    this.#report = report
    return stats
  }

  #entries(flow: Flow, total: (name: string, perSecond: number) => number): readonly Partial<StatsEntry>[] {
    const out = {
      id: 'O',
      type: 'outbound-rtp',
      kind: 'video',
      mid: '0',
      bytesSent: total('bytesSent', flow.sentBps / 8),
      framesEncoded: total('framesEncoded', flow.sentFrames),
      framesPerSecond: flow.sentFrames,
      frameHeight: flow.sentHeight,
      totalEncodeTime: total('totalEncodeTime', flow.encoding),
    }
    const back = {
      id: 'I',
      type: 'inbound-rtp',
      kind: 'video',
      mid: '1',
      bytesReceived: total('bytesReceived', flow.packetsIn * 1000),
      packetsReceived: total('packetsReceived', flow.packetsIn),
      packetsLost: total('packetsLost', flow.lostIn),
      framesReceived: total('framesReceived', flow.framesIn),
      framesDecoded: total('framesDecoded', flow.decoded),
      framesDropped: total('framesDropped', flow.framesIn - flow.decoded),
      totalDecodeTime: total('totalDecodeTime', flow.decoding),
      freezeCount: total('freezeCount', flow.freezes),
    }
    const heard = { id: 'R', type: 'remote-inbound-rtp', localId: 'O', fractionLost: flow.lossOut }
    const source = { id: 'S', type: 'media-source', height: 720, frames: total('frames', flow.capturedFrames) }
    const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' }
    const pair = { id: 'P', type: 'candidate-pair', state: 'succeeded', currentRoundTripTime: 0.02 }
    switch (this.#browser) {
      case 'Chromium':
        return [
          { ...out, mediaSourceId: 'S', qualityLimitationReason: flow.limitedBy },
          back,
          heard,
          source,
          transport,
          { ...pair, availableOutgoingBitrate: flow.availableBps },
        ]
      case 'Firefox': // Which source an encoder takes it does not say; what it says of the source is as it was encoded.
        return [out, back, heard, { ...source, height: flow.sentHeight }, transport, pair]
      default:
        return [
          { id: 'O', type: 'outbound-rtp', mid: '0' },
          { id: 'I', type: 'inbound-rtp', mid: '1' },
        ]
    }
  }
}
