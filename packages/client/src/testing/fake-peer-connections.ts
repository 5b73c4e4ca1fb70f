/**
 * Peer connections without a network, for data channels: two that have each other's description are connected. Whoever makes
 * them can cut them off.
 */
export class FakePeerConnections {
  readonly #all = new Map<string, FakePeerConnection>()
  /** Runs in a task of its own. */
  readonly soon: (task: () => void) => void
  /** Data is lost from now on, and nobody can connect. */
  isCut = false

  constructor(soon: (task: () => void) => void) {
    this.soon = soon
  }

  open(): RTCPeerConnection {
    const connection = new FakePeerConnection(String(this.#all.size), this)
    this.#all.set(connection.id, connection)
    return connection as unknown as RTCPeerConnection
  }

  /** How many are open. */
  get size(): number {
    return [...this.#all.values()].filter(({ connectionState }) => connectionState !== 'closed').length
  }

  find(id: string): FakePeerConnection | undefined {
    return this.#all.get(id)
  }

  /** All that are connected fail. */
  cut(): void {
    this.isCut = true
    for (const connection of this.#all.values()) connection.fail()
  }

  mend(): void {
    this.isCut = false
  }
}

type Listener = (event: never) => void

class FakePeerConnection {
  readonly id: string
  readonly #network: FakePeerConnections
  readonly #channels: FakeChannel[] = []
  #peer: FakePeerConnection | undefined
  connectionState: RTCPeerConnectionState = 'new'
  signalingState: RTCSignalingState = 'stable'
  localDescription: { type: 'offer' | 'answer'; sdp: string } | null = null
  remoteDescription: { type: string; sdp: string } | null = null
  onicecandidate: Listener | null = null
  onconnectionstatechange: (() => void) | null = null
  ondatachannel: ((event: { channel: FakeChannel }) => void) | null = null

  constructor(id: string, network: FakePeerConnections) {
    this.id = id
    this.#network = network
  }

  createDataChannel(label: string, { protocol = '' }: { protocol?: string }): FakeChannel {
    const channel = new FakeChannel(label, protocol, this.#network.soon)
    this.#channels.push(channel)
    this.#open(channel)
    return channel
  }

  async setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
    this.localDescription = { type, sdp: this.id }
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable'
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    this.remoteDescription = description
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable'
    if (description.type !== 'answer') return
    const peer = this.#network.find(description.sdp)
    if (!peer || peer.connectionState === 'closed') return
    if (this.#network.isCut) {
      this.fail()
      peer.fail()
      return
    }
    this.#peer = peer
    this.#become('connected')
    peer.#become('connected')
    for (const channel of this.#channels) this.#open(channel)
  }

  async addIceCandidate(): Promise<void> {}

  async getStats(): Promise<Map<string, unknown>> {
    return new Map(
      Object.entries({
        T: { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
        P: { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' },
        L: { id: 'L', type: 'local-candidate', candidateType: 'host' },
        R: { id: 'R', type: 'remote-candidate', candidateType: 'relay' },
      }),
    )
  }

  close(): void {
    this.connectionState = 'closed'
    for (const channel of this.#channels) channel.close()
  }

  fail(): void {
    if (this.connectionState === 'closed') return
    for (const channel of this.#channels) channel.close()
    this.#become('failed')
  }

  #become(state: RTCPeerConnectionState): void {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }

  #open(channel: FakeChannel): void {
    const peer = this.#peer
    if (!peer || this.connectionState !== 'connected' || channel.readyState !== 'connecting') return
    const end = new FakeChannel(channel.label, channel.protocol, this.#network.soon)
    peer.#channels.push(end)
    end.connect(channel)
    peer.ondatachannel?.({ channel: end })
    channel.connect(end)
  }
}

/** One end of a data channel. Each message arrives in a task of its own, so that the other end can react in between. */
class FakeChannel extends EventTarget {
  readonly label: string
  readonly protocol: string
  readonly bufferedAmount = 0
  bufferedAmountLowThreshold = 0
  binaryType = 'arraybuffer'
  readyState: RTCDataChannelState = 'connecting'
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onbufferedamountlow: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  readonly #soon: (task: () => void) => void
  readonly #sent: unknown[] = []
  #peer: FakeChannel | undefined

  constructor(label: string, protocol: string, soon: (task: () => void) => void) {
    super()
    this.#soon = soon
    this.label = label
    this.protocol = protocol
  }

  connect(peer: FakeChannel): void {
    this.#peer = peer
    this.readyState = 'open'
    queueMicrotask(() => this.onopen?.())
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 'open') throw new DOMException('The channel is not open.', 'InvalidStateError')
    this.#sent.push(typeof data === 'string' ? data : data.slice().buffer)
    if (this.#sent.length === 1) this.#soon(() => this.#deliver())
  }

  #deliver(): void {
    if (this.#peer?.readyState !== 'open') return
    this.#peer.onmessage?.({ data: this.#sent.shift() })
    if (this.#sent.length > 0) this.#soon(() => this.#deliver())
  }

  close(): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    const peer = this.#peer
    this.#soon(() => {
      this.onclose?.()
      this.dispatchEvent(new Event('close'))
      peer?.close()
    })
  }
}
