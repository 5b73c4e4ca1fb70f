import { AppError, type UnservedTrack } from '@parley/protocol'
import type { MediaPlane, MediaPlaneEvents } from '@parley/signaling'
import type { FromSfu, ToSfu, WhipReply, WhipRequest } from '../edge/media-control.ts'
import type { Edge } from '../edge/supervisor.ts'

const answerMs = 5_000

/** The SFU in the edge process, as the signalling server sees it. */
export interface EdgeMediaPlane {
  /** For `createSignaling`. */
  open(events: MediaPlaneEvents): MediaPlane
  /** Rejects with AppError `sfu-missing` if nobody answers: at once if the edge is down, or as soon as it goes down. */
  ask(room: string, id: string, request: WhipRequest): Promise<WhipReply>
  /** Ends the connection of somebody who came by HTTP and has no seat. */
  release(room: string, id: string): void
  /** For the edge's supervisor. */
  readonly edge: { heard(message: FromSfu): void; restarted(): void }
}

interface Asking {
  readonly answered: (reply: WhipReply) => void
  readonly unanswered: () => void
  readonly late: NodeJS.Timeout
}

/**
 * Events of those who came by HTTP: connected, gone, or all lost with the SFU; and of anybody who sends more than allowed or
 * cannot decode what they are sent.
 */
export interface HttpGuests {
  excess(room: string, id: string): void
  unserved(room: string, id: string, tracks: readonly UnservedTrack[]): void
  came(room: string, id: string): void
  gone(room: string, id: string, why: string): void
  lost(): void
}

/** Joins the two; `edge` says which process it is, once there is one. */
export function edgeMediaPlane(edge: () => Edge | undefined, guests: () => HttpGuests): EdgeMediaPlane {
  let events: MediaPlaneEvents | undefined
  let asked = 0
  const asking = new Map<number, Asking>()
  const tell = (message: ToSfu) => edge()?.tellSfu(message)
  return {
    open(to) {
      events = to
      return {
        get available() {
          return edge()?.sfu?.is === 'ready'
        },
        seat: (room, seat) => tell({ is: 'seat', room, seat }),
        unseat: (room, id) => tell({ is: 'unseat', room, id }),
        receive: (room, id, body) => tell({ is: 'receive', room, id, body }),
        subscribe: (room, id, wishes) => tell({ is: 'subscribe', room, id, wishes }),
      }
    },
    async ask(room, id, request) {
      if (edge()?.state.is !== 'serving') throw new AppError('sfu-missing')
      const ask = ++asked
      const answer = new Promise<WhipReply>((resolve, reject) => {
        const unanswered = () => reject(new AppError('sfu-missing'))
        asking.set(ask, { answered: resolve, unanswered, late: setTimeout(unanswered, answerMs) })
      })
      tell({ is: 'ask', ask, room, id, request })
      try {
        return await answer
      } finally {
        clearTimeout(asking.get(ask)?.late)
        asking.delete(ask)
      }
    },
    release: (room, id) => tell({ is: 'unseat', room, id }),
    edge: {
      heard(message) {
        if (message.is === 'send') events?.send(message.room, message.id, message.body)
        else if (message.is === 'came') guests().came(message.room, message.id)
        else if (message.is === 'excess') guests().excess(message.room, message.id)
        else if (message.is === 'unserved') guests().unserved(message.room, message.id, message.tracks)
        else if (message.is === 'gone') guests().gone(message.room, message.id, message.why)
        else asking.get(message.ask)?.answered(message.reply)
      },
      restarted() {
        for (const { unanswered } of asking.values()) unanswered()
        guests().lost()
        events?.lost()
      },
    },
  }
}
