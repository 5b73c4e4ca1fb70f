import type { InputKind, InputState, MediaErrorCode } from './state.ts'
import type { Permission } from './store.ts'

/** A cause that keeps one or both inputs from working. `media-denied-by-system`: the browser may, it itself may not. */
export interface Problem {
  readonly what: InputKind | 'both'
  readonly kinds: readonly InputKind[]
  readonly code: MediaErrorCode | 'media-denied-by-system'
  readonly device: string | undefined
}

type Inputs = Readonly<Record<InputKind, InputState>>

/** The problems to tell of: one where both inputs fail for the same reason. */
export function problemsOf(inputs: Inputs, permissions: Readonly<Record<InputKind, Permission>>): readonly Problem[] {
  const [first, second] = (['microphone', 'camera'] as const).flatMap(kind => {
    const state = inputs[kind]
    return state.status === 'failed' ? [problemOf(kind, state, permissions[kind])] : []
  })
  if (!first) return []
  if (!second) return [first]
  if (first.code !== second.code || first.code === 'media-busy') return [first, second]
  return [{ ...first, what: 'both', kinds: ['microphone', 'camera'], device: undefined }]
}

function problemOf(kind: InputKind, state: InputState & { status: 'failed' }, permission: Permission): Problem {
  const bySystem = state.code === 'media-denied' && permission === 'granted'
  return {
    what: kind,
    kinds: [kind],
    code: bySystem ? 'media-denied-by-system' : state.code,
    device: state.deviceLabel,
  }
}
