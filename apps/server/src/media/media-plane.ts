import type { MediaPlane, MediaPlaneEvents } from '@parley/signaling'
import type { FromSfu, ToSfu } from '../edge/media-control.ts'
import type { Edge } from '../edge/supervisor.ts'

/** The SFU in the edge process, as the signalling server sees it. */
export interface EdgeMediaPlane {
  /** For `createSignaling`. */
  open(events: MediaPlaneEvents): MediaPlane
  /** For the edge's supervisor. */
  readonly edge: { heard(message: FromSfu): void; restarted(): void }
}

/** Joins the two; `edge` says which process it is, once there is one. */
export function edgeMediaPlane(edge: () => Edge | undefined): EdgeMediaPlane {
  let events: MediaPlaneEvents | undefined
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
    edge: {
      heard: ({ room, id, body }) => events?.send(room, id, body),
      restarted: () => events?.lost(),
    },
  }
}
