import type { InputKind, InputState, MediaErrorCode } from './state.ts'
import type { Permission } from './store.ts'

type ProblemCode = Exclude<MediaErrorCode, 'media-insecure'> | 'media-denied-by-system'

/** What keeps one or both inputs from working. `media-denied-by-system`: the browser allows it, the system does not. */
export interface Problem {
  readonly what: InputKind | 'both'
  readonly kinds: readonly InputKind[]
  readonly code: ProblemCode
  readonly device: string | undefined
}

type Inputs = Readonly<Record<InputKind, InputState>>

/**
 * The problems to show; a single one if both inputs fail for the same reason. An insecure page is left out, because
 * the page has a banner about that.
 */
export function problemsOf(inputs: Inputs, permissions: Readonly<Record<InputKind, Permission>>): readonly Problem[] {
  const [first, second] = (['microphone', 'camera'] as const).flatMap(kind => {
    const state = inputs[kind]
    return state.status === 'failed' ? problemOf(kind, state, permissions[kind]) : []
  })
  if (!first) return []
  if (!second) return [first]
  if (first.code !== second.code || first.code === 'media-busy') return [first, second]
  return [{ ...first, what: 'both', kinds: ['microphone', 'camera'], device: undefined }]
}

function problemOf(kind: InputKind, state: InputState & { status: 'failed' }, permission: Permission): Problem[] {
  const { code, deviceLabel } = state
  if (code === 'media-insecure') return []
  const bySystem = code === 'media-denied' && permission === 'granted'
  return [{ what: kind, kinds: [kind], code: bySystem ? 'media-denied-by-system' : code, device: deviceLabel }]
}
