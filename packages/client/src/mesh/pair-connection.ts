import type { Signal, SignalBody } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { Senders } from '../peer-connection/senders.ts'
import { randomId } from '../random-id.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { IncomingTrack, OutgoingTrack } from '../room/media-plane.ts'
import { candidateFits, shouldApply } from './negotiation.ts'
import { ReceivedTracks } from './received-tracks.ts'

type DescriptionSignal = Extract<Signal, { kind: 'description' }>
type CandidateSignal = Extract<Signal, { kind: 'candidate' }>

export interface PairConnectionEvents {
  send(body: SignalBody): void
  /** The connection's state has changed, or whether an offer of ours waits for its answer. */
  changed(): void
  media(stream: string, incoming: IncomingTrack | undefined): void
  /** A step of the negotiation failed. */
  broken(error: unknown): void
}

export interface PairConnectionOptions {
  readonly configuration: RTCConfiguration
  readonly polite: boolean
  readonly clock: Clock
  readonly transforms?: FrameTransforms | undefined
  /** The other side. */
  readonly participant: string
  readonly events: PairConnectionEvents
}

/**
 * One RTCPeerConnection to a peer and its negotiation, by the “perfect negotiation” pattern (W3C WebRTC §10.7), one step at a
 * time. When it cannot be repaired, it is replaced as a whole.
 */
export class PairConnection {
  readonly #connection: RTCPeerConnection
  readonly #id = randomId()
  readonly #polite: boolean
  readonly #events: PairConnectionEvents
  readonly #transforms: FrameTransforms | undefined
  readonly #senders: Senders
  readonly #received: ReceivedTracks
  readonly #localTypes = new Set<string>()
  /** Candidates that came before the description that they belong to. */
  #early: (RTCIceCandidateInit | null)[] = []
  /** The browser asks for an offer. Answering one may make it unnecessary; if not, the browser asks again. */
  #needed = false
  /** We wait for the peer to make the first offer. */
  #waits = false
  #seq = 0
  #receivers = 1
  /** The number of our last offer; answers to earlier ones are dropped. */
  #offered: number | undefined
  #offers = false
  #heard = false
  #steps: Promise<void> = Promise.resolve()
  #closed = false

  /** @throws {DOMException} for a configuration that the browser does not accept. */
  constructor({ configuration, polite, clock, transforms, participant, events }: PairConnectionOptions) {
    const connection = new RTCPeerConnection(configuration)
    this.#connection = connection
    this.#polite = polite
    this.#events = events
    this.#transforms = transforms
    this.#senders = new Senders({ connection, clock, transforms, started: () => this.#step(() => this.#limit()) })
    this.#received = new ReceivedTracks(connection, events.media, (receiver, theirs) =>
      transforms?.receiver(receiver, theirs ? participant : undefined),
    )
    connection.onnegotiationneeded = () => {
      this.#needed = true
      this.#offerIfNeeded()
    }
    connection.onconnectionstatechange = () => events.changed()
    connection.onsignalingstatechange = () => {
      // In Chromium, rolling back an offer also undoes bitrate limits that were set since.
      if (connection.signalingState === 'stable') this.#step(() => this.#limit())
      events.changed()
    }
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.type) this.#localTypes.add(candidate.type)
      this.#send({ kind: 'candidate', candidate: candidate ? candidateInit(candidate) : null })
    }
  }

  get state(): RTCPeerConnectionState {
    return this.#connection.connectionState
  }

  /** Whether an offer of ours waits for its answer. */
  get offering(): boolean {
    return this.#connection.signalingState === 'have-local-offer'
  }

  /** We have made an offer, and the peer has not reacted to it: nothing is lost if this connection is replaced. */
  get unheard(): boolean {
    return this.#offers && !this.#heard
  }

  /** Whether this is the answer to our last offer. */
  answersUs({ description, answers }: DescriptionSignal): boolean {
    return description.type === 'answer' && this.offering && (answers === undefined || answers === this.#offered)
  }

  /** Whether there is any media to negotiate. */
  get hasMedia(): boolean {
    return this.#connection.getTransceivers().length > 0
  }

  /** The types of the candidates that were found on this side. */
  get localTypes(): ReadonlySet<string> {
    return this.#localTypes
  }

  get senders(): Senders {
    return this.#senders
  }

  get received(): ReceivedTracks {
    return this.#received
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#connection.getStats()
  }

  /** @param receivers How many peers are sent these tracks. */
  publish(outgoingTracks: readonly OutgoingTrack[], receivers: number): void {
    this.#receivers = receivers
    // Added at once, so that an answer that is being made includes them.
    const added = this.#senders.sync(outgoingTracks)
    added.catch(() => {}) // Reported by the step below, unless the connection is closed first.
    this.#step(async () => {
      await added
      await this.#limit()
    })
  }

  /** Waits for the peer to make the first offer, until it comes or {@link offer} is called. */
  leaveOffer(): void {
    this.#waits = true
  }

  /** Stops waiting, and makes the first offer. */
  offer(): void {
    this.#waits = false
    this.#offerIfNeeded()
  }

  /** Makes a new offer with an ICE restart; rolls back one that waits for its answer. */
  restart(): void {
    this.#step(async () => {
      if (this.offering) await this.#connection.setLocalDescription({ type: 'rollback' })
      this.#connection.restartIce()
      await this.#offer()
    })
  }

  /** Asks the peer for a new offer with an ICE restart. */
  askForRestart(): void {
    this.#send({ kind: 'restart' })
  }

  configure(configuration: RTCConfiguration): void {
    this.#connection.setConfiguration(configuration)
  }

  receiveDescription(signal: DescriptionSignal, seq: number): void {
    const { description } = signal
    this.#heard ||= description.type === 'offer' || this.answersUs(signal)
    this.#step(async () => {
      const { signalingState } = this.#connection
      if (!shouldApply({ type: description.type, signalingState, polite: this.#polite })) return
      if (description.type === 'answer' && !this.answersUs(signal)) return
      await this.#connection.setRemoteDescription(description)
      // Also those whose media we do not get yet, and those by which we may send later.
      this.#transforms?.prepare(this.#connection)
      if (description.type === 'offer') {
        this.#waits = false
        this.#needed = false
        await this.#connection.setLocalDescription()
        this.#sendLocalDescription(seq)
      }
      const early = this.#early
      this.#early = []
      for (const candidate of early) await this.#addCandidate(candidate)
    })
  }

  receiveCandidate({ candidate }: CandidateSignal): void {
    const init = candidate && candidateInit(candidate)
    this.#step(() => this.#addCandidate(init))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    const connection = this.#connection
    connection.onnegotiationneeded = null
    connection.onconnectionstatechange = null
    connection.onsignalingstatechange = null
    connection.onicecandidate = null
    this.#received.close()
    this.#senders.close()
    connection.close()
  }

  #offerIfNeeded(): void {
    if (this.#waits) return
    this.#step(async () => {
      if (this.#needed) await this.#offer()
    })
  }

  async #offer(): Promise<void> {
    if (this.#connection.signalingState !== 'stable') return // The browser asks again once it is.
    this.#offers = true
    this.#needed = false
    await this.#connection.setLocalDescription()
    this.#sendLocalDescription(undefined)
  }

  #sendLocalDescription(answers: number | undefined): void {
    const description = this.#connection.localDescription
    if (!description) return
    if (description.type === 'offer') this.#offered = this.#seq
    this.#send({
      kind: 'description',
      description: { type: description.type, sdp: description.sdp },
      ...(answers !== undefined && { answers }),
    })
  }

  #send(signal: Signal): void {
    this.#events.send({ connection: this.#id, seq: this.#seq++, signal })
  }

  async #limit(): Promise<void> {
    try {
      await this.#senders.limit(this.#receivers)
    } catch (error) {
      // Then the browser's own limits apply: a matter of quality, not of whether the call works.
      console.debug('parley: bitrate limits not used', error)
    }
  }

  async #addCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    const sdp = this.#connection.remoteDescription?.sdp
    if (sdp === undefined) {
      if (this.#early.length < 256) this.#early.push(candidate)
      return
    }
    if (!candidateFits(candidate, sdp)) return
    try {
      await this.#connection.addIceCandidate(candidate)
    } catch (error) {
      // A candidate that a browser cannot use (a name that it cannot resolve, an unknown transport) must not fail the call.
      console.debug('parley: candidate not used', candidate?.candidate, error)
    }
  }

  /** Runs the steps of the negotiation one after another, so that none sees the connection in the middle of another. */
  #step(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return
      try {
        await step()
      } catch (error) {
        if (!this.#closed) this.#events.broken(error)
      }
    })
  }
}

function candidateInit(from: RTCIceCandidateInit | RTCIceCandidate | NonNullable<CandidateSignal['candidate']>) {
  const { candidate = '', sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = from
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment }
}
