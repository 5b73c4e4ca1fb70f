import type { Clock } from '../clock.ts'
import { Mesh } from '../mesh/mesh.ts'
import type { OpenMediaOptions } from '../session.ts'
import { SfuPlane } from '../sfu/sfu-plane.ts'
import { Ladder } from './ladder.ts'

export interface OpenLadderOptions extends OpenMediaOptions {
  readonly iceTransportPolicy: RTCIceTransportPolicy
  readonly clock: Clock
}

/** Media as the browser can do it: a mesh and the SFU. */
export function openLadder({ iceServers, iceTransportPolicy, clock, ...options }: OpenLadderOptions): Ladder {
  const common = () => ({ iceServers: iceServers(), iceTransportPolicy, clock })
  return new Ladder({
    ...options,
    clock,
    openMesh: (self, events) => new Mesh({ ...common(), self, events }),
    openSfu: (self, events) => new SfuPlane({ ...common(), self, events }),
  })
}
