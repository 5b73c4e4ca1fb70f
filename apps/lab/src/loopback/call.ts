import { type LoopbackOptions, preferred } from './options.ts'
import { LoggedPeer, type OfferOptions, type PeerEvents, type PeerSide, type PeerStates } from './peer.ts'
import { gatherLayers, type Layers, layersOf, spreadLayers } from './simulcast.ts'
import type { Source } from './source.ts'

export interface CallEvents {
  readonly log: PeerEvents['log']
  readonly changed: PeerEvents['changed']
  readonly track: (track: MediaStreamTrack, stream: MediaStream) => void
  readonly moment: (name: 'offerAsked' | 'offerApplied' | 'answerAsked' | 'answerApplied') => void
  readonly described: (offer: string, answer: string) => void
}

/** The simulcast layers, smallest first. */
const layers: readonly RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 2_000_000 },
]

/** A call of this page with itself: two peer connections that exchange descriptions and candidates directly. */
export class LoopbackCall {
  readonly caller: LoggedPeer
  readonly callee: LoggedPeer
  readonly #events: CallEvents
  #options: LoopbackOptions
  #layers: Layers | undefined
  /** Candidates gathered before the other side could accept them. */
  #early: { readonly to: PeerSide; readonly candidate: RTCIceCandidateInit }[] = []
  #exchanged = false
  #closed = false

  constructor(source: Source, options: LoopbackOptions, events: CallEvents) {
    this.#events = events
    this.#options = options
    const peerEvents: PeerEvents = {
      log: events.log,
      changed: events.changed,
      candidate: (side, candidate) => this.#pass(side, candidate),
      track: (side, { track }) => {
        if (side === 'callee') events.track(track, new MediaStream([track]))
      },
    }
    this.caller = new LoggedPeer('caller', peerEvents)
    this.callee = new LoggedPeer('callee', peerEvents)
    this.#send(source)
  }

  get states(): Readonly<Record<PeerSide, PeerStates>> {
    return { caller: this.caller.states, callee: this.callee.states }
  }

  get closed(): boolean {
    return this.#closed
  }

  /**
   * Exchanges offer and answer; later calls renegotiate. `edit` may change the offer before either side applies it.
   * @throws {DOMException} if the browser rejects a description.
   */
  async negotiate(options: LoopbackOptions, edit?: (offer: string) => string): Promise<void> {
    this.#options = options
    this.#events.moment('offerAsked')
    const wishes = this.#wishes()
    const { sdp: plain = '' } = await this.caller.do(
      `createOffer(${JSON.stringify(wishes)})`,
      connection => connection.createOffer(wishes),
      result => result.sdp ?? '',
    )
    const offer = edit ? edit(plain) : plain
    this.#exchanged = false
    await this.caller.do('setLocalDescription(offer)', connection =>
      connection.setLocalDescription({ type: 'offer', sdp: offer }),
    )
    this.#layers = layersOf(offer)
    const heard = this.#layers ? spreadLayers(offer, this.#layers) : offer
    await this.callee.do('setRemoteDescription(offer)', connection =>
      connection.setRemoteDescription({ type: 'offer', sdp: heard }),
    )
    this.#events.moment('offerApplied')
    this.#events.moment('answerAsked')
    const { sdp: reply = '' } = await this.callee.do(
      'createAnswer()',
      connection => connection.createAnswer(),
      result => result.sdp ?? '',
    )
    await this.callee.do('setLocalDescription(answer)', connection =>
      connection.setLocalDescription({ type: 'answer', sdp: reply }),
    )
    const answer = this.#layers ? gatherLayers(reply, this.#layers) : reply
    await this.caller.do('setRemoteDescription(answer)', connection =>
      connection.setRemoteDescription({ type: 'answer', sdp: answer }),
    )
    this.#events.moment('answerApplied')
    this.#events.described(offer, answer)
    this.#exchanged = true
    for (const { to, candidate } of this.#early.splice(0)) void this.#add(to, candidate)
    await this.#cap()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.caller.close()
    this.callee.close()
  }

  #wishes(): OfferOptions {
    const { iceRestart, voiceActivity } = this.#options
    return { iceRestart, voiceActivityDetection: voiceActivity }
  }

  #send({ audio, video }: Source): void {
    const { receiveAudio, receiveVideo, simulcast, codec } = this.#options
    const { connection } = this.caller
    const add = (kind: 'audio' | 'video', tracks: readonly MediaStreamTrack[], receive: boolean) => {
      if (tracks.length === 0 && receive) {
        this.#events.log('caller', 'call', `addTransceiver('${kind}', { direction: 'recvonly' })`)
        connection.addTransceiver(kind, { direction: 'recvonly' })
      }
      for (const [i, track] of tracks.entries()) {
        const direction = receive ? 'sendrecv' : 'sendonly'
        const layered = kind === 'video' && simulcast && i === 0
        const init: RTCRtpTransceiverInit = {
          direction,
          streams: [new MediaStream([track])],
          ...(layered && { sendEncodings: [...layers] }),
        }
        const shown = { direction, ...(layered && { sendEncodings: layers }) }
        this.#events.log('caller', 'call', `addTransceiver(${kind}, ${JSON.stringify(shown)})`)
        const transceiver = connection.addTransceiver(track, init)
        const order = kind === 'video' && preferred(RTCRtpReceiver.getCapabilities('video')?.codecs ?? [], codec)
        if (order) {
          this.#events.log('caller', 'call', `setCodecPreferences([${codec}, …])`)
          transceiver.setCodecPreferences(order)
        }
      }
    }
    add('audio', audio, receiveAudio)
    add('video', video, receiveVideo)
  }

  /** Applies the bitrate cap to every video sender; simulcast layers keep their own limits where those are lower. */
  async #cap(): Promise<void> {
    const { maxKbps } = this.#options
    const senders = this.caller.connection.getSenders().filter(({ track }) => track?.kind === 'video')
    for (const sender of senders) {
      const parameters = sender.getParameters()
      for (const encoding of parameters.encodings) {
        const own = layers.find(({ rid }) => rid === encoding.rid)?.maxBitrate
        const cap = maxKbps > 0 ? Math.min(maxKbps * 1000, own ?? Number.POSITIVE_INFINITY) : own
        if (cap === undefined) delete encoding.maxBitrate
        else encoding.maxBitrate = cap
      }
      if (maxKbps > 0) {
        await this.caller.do(`setParameters({ maxBitrate: ${maxKbps * 1000} })`, () => sender.setParameters(parameters))
      }
    }
  }

  #pass(from: PeerSide, candidate: RTCIceCandidate | null): void {
    if (!candidate || this.#closed) return
    const to = from === 'caller' ? 'callee' : 'caller'
    const init = this.#translate(to, candidate.toJSON())
    if (this.#exchanged) void this.#add(to, init)
    else this.#early.push({ to, candidate: init })
  }

  /** With spread layers the two sides number their sections differently. All sections share one transport anyway. */
  #translate(to: PeerSide, candidate: RTCIceCandidateInit): RTCIceCandidateInit {
    if (!this.#layers) return candidate
    const { mid, rids } = this.#layers
    const { sdpMLineIndex: _index, sdpMid = null, ...rest } = candidate
    if (to === 'callee') return { ...rest, sdpMid: sdpMid === mid ? (rids[0] ?? mid) : sdpMid }
    return { ...rest, sdpMid: sdpMid !== null && rids.includes(sdpMid) ? mid : sdpMid }
  }

  async #add(to: PeerSide, candidate: RTCIceCandidateInit): Promise<void> {
    const peer = to === 'caller' ? this.caller : this.callee
    try {
      await peer.connection.addIceCandidate(candidate)
      this.#events.log(to, 'call', 'addIceCandidate()', candidate.candidate)
    } catch (error) {
      if (!this.#closed) this.#events.log(to, 'error', `addIceCandidate(): ${String(error)}`, candidate.candidate)
    }
  }
}
