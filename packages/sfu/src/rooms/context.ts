import type { MediaBody } from '@parley/protocol'
import type { ToMedia } from '../control.ts'
import type { Side } from '../sdp/codecs.ts'
import type { LocalTransport } from './local-transport.ts'
import type { Secrets } from './secrets.ts'

/** What a participant's connections stand on: their room's worker, and the way to the client. */
export interface Context {
  readonly participant: string
  readonly local: LocalTransport
  readonly secrets: Secrets
  readonly maxSections: number
  /** Never the same twice. */
  readonly nextNumber: () => number
  readonly send: (message: ToMedia) => void
  readonly say: (body: MediaBody) => void
  /** A transport's number is of this side from now on. */
  readonly opened: (transport: number, side: Side) => void
  readonly closed: (transport: number) => void
}
