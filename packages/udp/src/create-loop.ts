import { checkSockets } from '@parley/ffi'
import { BatchedLoop } from './batched/batched-loop.ts'
import type { LoopOptions } from './control.ts'
import { PortableLoop } from './portable/portable-loop.ts'
import type { Loop } from './types.ts'

export type LoopKind = Loop['kind']

/** Which loop this platform gets, and why if it is not the fast one. */
export function chooseLoop(): { readonly kind: 'batched' } | { readonly kind: 'portable'; readonly why: string } {
  const check = checkSockets()
  return check.ok ? { kind: 'batched' } : { kind: 'portable', why: check.why }
}

/** Makes the best loop for this platform, or the one asked for. Throws if that is not available here. */
export function createLoop(options: LoopOptions, kind: LoopKind = chooseLoop().kind): Loop {
  return kind === 'batched' ? new BatchedLoop(options) : new PortableLoop(options)
}
