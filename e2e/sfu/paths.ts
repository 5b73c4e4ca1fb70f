import type { Page } from 'playwright-core'

/** The ways that a page's open peer connections have found, in WebRTC's words, such as `relay over tls to host over udp`. */
export function paths(page: Page): Promise<string[]> {
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
        const transport = [...stats.values()].find(({ type }) => type === 'transport')
        const pair = stats.get(transport?.selectedCandidatePairId)
        return `${inWords(stats.get(pair?.localCandidateId))} to ${inWords(stats.get(pair?.remoteCandidateId))}`
      }),
    )
  })
}
