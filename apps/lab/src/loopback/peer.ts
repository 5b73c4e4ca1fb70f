import { describeError } from '../report/run.ts'
import { candidateText, type EntryKind, type Side } from './log.ts'

export type PeerSide = Exclude<Side, 'page'>

/** The four states of a peer connection that the page shows. */
export interface PeerStates {
  readonly signaling: RTCSignalingState
  readonly gathering: RTCIceGatheringState
  readonly ice: RTCIceConnectionState
  readonly connection: RTCPeerConnectionState
  /** `undefined` until there is a DTLS transport. */
  readonly dtls: RTCDtlsTransportState | undefined
}

export interface PeerEvents {
  log(side: PeerSide, kind: EntryKind, text: string, detail?: string): void
  changed(side: PeerSide, states: PeerStates): void
  candidate(side: PeerSide, candidate: RTCIceCandidate | null): void
  track(side: PeerSide, event: RTCTrackEvent): void
}

/** Adds a legacy option of offers (W3C WebRTC §4.4.2) that TypeScript's DOM types lack. */
export interface OfferOptions extends RTCOfferOptions {
  readonly voiceActivityDetection?: boolean
}

/** One of the two ends of the loopback: an RTCPeerConnection that logs everything it does. */
export class LoggedPeer {
  readonly connection: RTCPeerConnection
  readonly side: PeerSide
  readonly #events: PeerEvents
  #dtls: RTCDtlsTransport | undefined

  constructor(side: PeerSide, events: PeerEvents) {
    this.side = side
    this.#events = events
    events.log(side, 'call', 'new RTCPeerConnection()')
    const connection = new RTCPeerConnection()
    this.connection = connection
    const state = (name: string, read: () => string) => () => {
      this.#log('state', `${name}: ${read()}`)
      this.#watchDtls()
      this.#tell()
    }
    connection.onsignalingstatechange = state('signalingState', () => connection.signalingState)
    connection.onicegatheringstatechange = state('iceGatheringState', () => connection.iceGatheringState)
    connection.oniceconnectionstatechange = state('iceConnectionState', () => connection.iceConnectionState)
    connection.onconnectionstatechange = state('connectionState', () => connection.connectionState)
    connection.onnegotiationneeded = () => this.#log('event', 'negotiationneeded')
    connection.onicecandidateerror = event =>
      this.#log('error', `icecandidateerror: ${event.errorCode} ${event.errorText}`, event.url)
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.#log('candidate', candidateText(candidate), candidate.candidate)
      else this.#log('candidate', 'end of candidates')
      events.candidate(side, candidate)
    }
    connection.ontrack = event => {
      this.#log('event', `track: ${event.track.kind}`)
      events.track(side, event)
    }
  }

  get states(): PeerStates {
    const { signalingState, iceGatheringState, iceConnectionState, connectionState } = this.connection
    return {
      signaling: signalingState,
      gathering: iceGatheringState,
      ice: iceConnectionState,
      connection: connectionState,
      dtls: this.#dtls?.state,
    }
  }

  /** Performs one operation on the connection, logged before and after. */
  async do<T>(
    text: string,
    work: (connection: RTCPeerConnection) => Promise<T> | T,
    detail?: (result: T) => string,
  ): Promise<T> {
    this.#log('call', text)
    try {
      const result = await work(this.connection)
      this.#watchDtls()
      this.#log('done', text.replace(/\(.*$/s, '() done'), detail?.(result))
      return result
    } catch (error) {
      this.#log('error', `${text.replace(/\(.*$/s, '()')}: ${describeError(error)}`)
      throw error
    }
  }

  close(): void {
    this.#log('call', 'close()')
    this.connection.close()
    // A closed connection fires no more events, so report the final states here.
    this.#tell()
    for (const name of ['onicecandidate', 'ontrack', 'onconnectionstatechange', 'oniceconnectionstatechange'] as const)
      this.connection[name] = null
    if (this.#dtls) this.#dtls.onstatechange = null
  }

  #watchDtls(): void {
    if (this.#dtls) return
    const transport = this.connection.getTransceivers().find(({ sender }) => sender.transport)?.sender.transport
    if (!transport) return
    this.#dtls = transport
    const told = () => {
      this.#log('state', `dtlsTransport.state: ${transport.state}`)
      this.#tell()
    }
    if (transport.state !== 'new') told()
    transport.onstatechange = told
  }

  #log(kind: EntryKind, text: string, detail?: string): void {
    this.#events.log(this.side, kind, text, detail)
  }

  #tell(): void {
    this.#events.changed(this.side, this.states)
  }
}
