import type { AnnouncedTrack } from '@parley/protocol'
import type { SfuRooms } from '../rooms/sfu-rooms.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { fragmentOf, parseFragment } from './fragment.ts'

/** The answer to a POST. */
export interface WhipAnswer {
  readonly sdp: string
  /** Names the state of ICE; a restart makes another (RFC 9725 §4.3.1). Without the quotes of the header. */
  readonly etag: string
}

export interface WhipPublished extends WhipAnswer {
  /** What the participant sends, to be announced to the room and the SFU once they have connected. */
  readonly tracks: readonly AnnouncedTrack[]
}

/** The answer to a PATCH that restarts ICE. */
export interface WhipRestarted {
  readonly fragment: string
  readonly etag: string
}

/**
 * Negotiation for clients that come by HTTP and offer once: WHIP publishes (RFC 9725), WHEP plays
 * (draft-ietf-wish-whep). Until they have connected, the room does not know of them.
 */
export class Whip {
  readonly #rooms: SfuRooms

  constructor(rooms: SfuRooms) {
    this.#rooms = rooms
  }

  /**
   * Takes a seat and publishes. All candidates are in the answer.
   * @throws {NegotiationError} and there is no seat.
   */
  publish(room: string, participant: string, offer: string): WhipPublished {
    return this.#seated(room, participant, { publish: true, subscribe: false }, () => {
      const { sdp, tracks } = this.#rooms.answerPublisher(room, participant, offer)
      return { sdp, etag: etagOf(sdp), tracks }
    })
  }

  /**
   * Takes a seat and plays a picture and a sound: those of a participant, or of the first who sends any; also when they
   * come later.
   * @throws {NegotiationError} and there is no seat.
   */
  play(room: string, participant: string, offer: string, of?: string | null): WhipAnswer {
    return this.#seated(room, participant, { publish: false, subscribe: true }, () => {
      const sdp = this.#rooms.answerPlayer(room, participant, offer, of ?? undefined)
      return { sdp, etag: etagOf(sdp) }
    })
  }

  /**
   * A fragment of SDP: more candidates, which change nothing, or new credentials, which restart ICE (RFC 9725 §4.3).
   * @returns What to answer a restart with; undefined: nothing (204).
   * @throws {NegotiationError} `not-found`, `bad-sdp`, `too-large`, `unconditional`: it restarts ICE, and may not.
   */
  patch(room: string, participant: string, fragment: string, mayRestart: boolean): WhipRestarted | undefined {
    const ice = parseFragment(fragment)
    if (!this.#rooms.has(room, participant)) throw new NegotiationError('not-found', 'There is no such participant.')
    const sdp = ice && this.#rooms.restartIce(room, participant, ice, mayRestart)
    return sdp === undefined ? undefined : { fragment: fragmentOf(sdp), etag: etagOf(sdp) }
  }

  /** Gives up the seat. */
  close(room: string, participant: string): void {
    this.#rooms.leave(room, participant)
  }

  #seated<T>(room: string, participant: string, part: { publish: boolean; subscribe: boolean }, negotiate: () => T): T {
    if (this.#rooms.has(room, participant)) {
      throw new NegotiationError('out-of-order', 'This participant is in the room already.')
    }
    this.#rooms.join(room, participant, part)
    try {
      return negotiate()
    } catch (error) {
      this.#rooms.leave(room, participant)
      throw error
    }
  }
}

/** Unguessable and new with each restart, as our ICE credentials are, but does not give them away. */
function etagOf(sdp: string): string {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1]?.replace(/[^\w]/g, '') ?? 'none'
}
