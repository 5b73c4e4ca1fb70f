import { AppError } from '@parley/protocol'
import type { MediaPlane, MediaPlaneEvents } from '@parley/signaling'
import type { FromSfu, ToSfu, WhipReply, WhipRequest } from '../edge/media-control.ts'
import type { Edge } from '../edge/supervisor.ts'

const answerMs = 5_000

/** The SFU in the edge process, as the signalling server sees it. */
export interface EdgeMediaPlane {
  /** For `createSignaling`. */
  open(events: MediaPlaneEvents): MediaPlane
  /** Rejects with AppError where nobody answers. */
  ask(room: string, id: string, request: WhipRequest): Promise<WhipReply>
  /** For the edge's supervisor. */
  readonly edge: { heard(message: FromSfu): void; restarted(): void }
}

/** Joins the two; `edge` says which process it is, once there is one. */
export function edgeMediaPlane(edge: () => Edge | undefined): EdgeMediaPlane {
  let events: MediaPlaneEvents | undefined
  let asked = 0
  const asking = new Map<number, (reply: WhipReply) => void>()
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
    ask(room, id, request) {
      const ask = ++asked
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          asking.delete(ask)
          reject(new AppError('sfu-missing'))
        }, answerMs)
        asking.set(ask, reply => {
          clearTimeout(late)
          asking.delete(ask)
          resolve(reply)
        })
        tell({ is: 'ask', ask, room, id, request })
      })
    },
    edge: {
      heard(message) {
        if (message.is === 'send') events?.send(message.room, message.id, message.body)
        else if (message.is === 'gone') events?.gone(message.room, message.id)
        else asking.get(message.ask)?.(message.reply)
      },
      restarted: () => events?.lost(),
    },
  }
}
