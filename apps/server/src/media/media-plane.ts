import { type Edge, remote, sfuPort } from '@parley/edge'
import type { MediaPlane } from '@parley/signaling'

/** The SFU in the media process, as signalling has it; `edge` says which process it is, once there is one. */
export function mediaPlane(edge: () => Edge | undefined): MediaPlane {
  return {
    ...remote(sfuPort, () => edge()?.mailbox),
    get available() {
      return edge()?.sfu?.is === 'ready'
    },
  }
}
