import type { AnnouncedTrack } from '@parley/protocol'
import { parse } from 'sdp-transform'
import type { IceCredentials } from '../control.ts'
import type { SfuRooms } from '../rooms/sfu-rooms.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { iceCredentials } from '../sdp/parse.ts'
import { text } from '../sdp/values.ts'

const mostCharacters = 64 * 1024

/** The lines of a description that a fragment consists of (RFC 8840 §9.2). */
const ofIce = /^(?:m=|a=(?:ice-lite|group|mid|ice-ufrag|ice-pwd|candidate|end-of-candidates)(?::|$))/

/** The answer to a POST. */
export interface WhipAnswer {
  readonly sdp: string
  /** Names the ICE session; a restart changes it (RFC 9725 §4.3.1). Without the quotes that the header needs. */
  readonly etag: string
}

export interface WhipPublished extends WhipAnswer {
  /** What the participant sends. Announce it to the room and the SFU once they have connected. */
  readonly tracks: readonly AnnouncedTrack[]
}

/** The answer to a PATCH that restarts ICE. */
export interface WhipRestarted {
  readonly fragment: string
  readonly etag: string
}

/**
 * Negotiates with clients that come by HTTP and offer once: WHIP publishes (RFC 9725), WHEP plays (draft-ietf-wish-whep). The
 * room does not learn of them until they have connected.
 */
export class Whip {
  readonly #rooms: SfuRooms

  constructor(rooms: SfuRooms) {
    this.#rooms = rooms
  }

  /**
   * Adds a participant who publishes. All our candidates are in the answer.
   * @throws {NegotiationError} The participant is then not added.
   */
  publish(room: string, participant: string, offer: string): WhipPublished {
    return this.#seated(room, participant, { publish: true, subscribe: false }, () => {
      const { sdp, tracks } = this.#rooms.answerPublisher(room, participant, offer)
      return { sdp, etag: etagOf(sdp), tracks }
    })
  }

  /**
   * Adds a participant who plays one picture and one sound: those of participant `of`, or of the first who sends any. They may
   * also start later.
   * @throws {NegotiationError} The participant is then not added.
   */
  play(room: string, participant: string, offer: string, of?: string | null): WhipAnswer {
    return this.#seated(room, participant, { publish: false, subscribe: true }, () => {
      const sdp = this.#rooms.answerPlayer(room, participant, offer, of ?? undefined)
      return { sdp, etag: etagOf(sdp) }
    })
  }

  /**
   * Takes a fragment of SDP: more candidates, which change nothing, or new credentials, which restart ICE (RFC 9725 §4.3).
   * @returns The answer to a restart; undefined if there is nothing to answer (204).
   * @throws {NegotiationError} `not-found`, `bad-sdp`, `too-large`; `unconditional` if it would restart ICE and must not.
   */
  patch(room: string, participant: string, fragment: string, mayRestart: boolean): WhipRestarted | undefined {
    const ice = parseFragment(fragment)
    if (!this.#rooms.has(room, participant)) throw new NegotiationError('not-found', 'There is no such participant.')
    const sdp = ice && this.#rooms.restartIce(room, participant, ice, mayRestart)
    return sdp === undefined ? undefined : { fragment: fragmentOf(sdp), etag: etagOf(sdp) }
  }

  /** Removes the participant. */
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

/** Made from our ICE user name, which is unguessable and new with each restart; the password is not in it. */
function etagOf(sdp: string): string {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1]?.replace(/[^\w]/g, '') ?? 'none'
}

/**
 * The client's ICE credentials in a fragment (`application/trickle-ice-sdpfrag`). Undefined if it has only candidates, which a lite
 * agent has no use for; some clients send them without credentials, or with the `ufrag` that browsers write into each.
 * @throws {NegotiationError} `bad-sdp`, `too-large`
 */
function parseFragment(fragment: string): IceCredentials | undefined {
  if (fragment.length > mostCharacters) throw new NegotiationError('too-large', 'The fragment is too long.')
  const session = parse(fragment)
  const described = [session, ...session.media].find(({ icePwd }) => icePwd !== undefined)
  if (described) return iceCredentials(text(described.iceUfrag), text(described.icePwd))
  if (/^a=(?:candidate:|end-of-candidates)/m.test(fragment)) return undefined
  throw new NegotiationError('bad-sdp', 'The fragment has neither candidates nor ICE credentials.')
}

/** What tells the client about a restart of ICE: the session level of our answer, and the section that carries the bundle. */
function fragmentOf(answer: string): string {
  const [session = '', ...sections] = answer.split(/(?=^m=)/m)
  const tagged = sections.find(section => section.includes('\r\na=end-of-candidates\r\n')) ?? ''
  const lines = `${session}${tagged}`.split('\r\n').filter(line => ofIce.test(line))
  return `${lines.join('\r\n')}\r\n`
}
