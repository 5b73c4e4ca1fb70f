import type { MediaBody } from '@parley/protocol'
import type { ToMedia } from '../control.ts'
import type { Side } from '../sdp/codecs.ts'
import type { LocalTransport } from './local-transport.ts'
import type { Secrets } from './secrets.ts'

/** What a participant's connections need: their worker, and the way to the client. */
export interface Context {
  readonly participant: string
  /** Where their connections are. */
  readonly worker: number
  readonly local: LocalTransport
  readonly secrets: Secrets
  readonly maxSections: number
  /** A number for a transport, publication or subscription. Never returns the same twice. */
  readonly nextNumber: () => number
  readonly send: (message: ToMedia) => void
  readonly say: (body: MediaBody) => void
  /** Called when a transport is opened, with its number and side. */
  readonly opened: (transport: number, side: Side) => void
  readonly closed: (transport: number) => void
}
