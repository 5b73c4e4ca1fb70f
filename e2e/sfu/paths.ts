import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** The ways that a page's open peer connections have found, in WebRTC's words, such as `relay over tls to host over udp`. */
export async function paths(page: Page): Promise<string[]> {
  return (await pairs(page)).map(({ selected }) => selected)
}

/**
 * Waits until both of a page's connections take such a way. Browsers send by the first pair that answers, and move to the
 * one that they prefer when it answers, too.
 */
export async function expectPaths(page: Page, way: RegExp): Promise<void> {
  try {
    await expect.poll(() => paths(page)).toEqual(Array(2).fill(expect.stringMatching(way)))
  } catch (cause) {
    throw new Error(`the connections go other ways: ${JSON.stringify(await pairs(page), undefined, 2)}`, { cause })
  }
}

/** Of each open connection, the pair that it uses, and all that it has tried. */
function pairs(page: Page): Promise<{ selected: string; tried: string[] }[]> {
  return page.evaluate(async () => {
    interface Candidate {
      readonly candidateType: string
      readonly protocol: string
      readonly relayProtocol?: string
    }
    const inWords = (candidate?: Candidate) =>
      candidate ? `${candidate.candidateType} over ${candidate.relayProtocol ?? candidate.protocol}` : 'unknown'
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const open = all.filter(({ connectionState }) => connectionState === 'connected')
    return Promise.all(
      open.map(async connection => {
        const stats = await connection.getStats()
        const every = [...stats.values()]
        const ends = (pair: RTCIceCandidatePairStats) =>
          `${inWords(stats.get(pair.localCandidateId))} to ${inWords(stats.get(pair.remoteCandidateId))}`
        const tried = every.filter(({ type }) => type === 'candidate-pair')
        const transport = every.find(({ type }) => type === 'transport')
        const selected = stats.get(transport?.selectedCandidatePairId)
        return {
          selected: selected ? ends(selected) : 'none',
          tried: tried.map(pair => `${ends(pair)}: ${pair.state}, ${pair.responsesReceived} of ${pair.requestsSent}`),
        }
      }),
    )
  })
}
