import { useCallback, useEffect, useRef, useState } from 'react'
import { describeError } from '../report/run.ts'
import { capabilitiesOf, settingsOf } from './told.ts'
import type { InputKind } from './wishes.ts'

/** Why a request was refused. */
export interface Refusal {
  /** The browser's name for the error, such as `OverconstrainedError`. */
  readonly name: string
  /** The constraint that cannot be met, if the browser says which. */
  readonly constraint: string | undefined
  readonly error: string
}

interface OpenTrack {
  readonly kind: InputKind
  readonly track: MediaStreamTrack
  readonly settings: Readonly<Record<string, unknown>>
  readonly capabilities: Readonly<Record<string, unknown>>
}

export type Answer = { readonly open: OpenTrack } | { readonly refusal: Refusal }

export interface TrackState {
  readonly open: OpenTrack | undefined
  /** Closes the open track and requests another. A track that arrives after the page was left is stopped at once. */
  readonly ask: (kind: InputKind, constraints: MediaTrackConstraints) => Promise<Answer>
  /** Applies the constraints to the open track. */
  readonly apply: (constraints: MediaTrackConstraints) => Promise<Answer>
  readonly close: () => void
}

/** Manages the page's single track: opens it, changes it, and stops it when the page is left. */
export function useTrack(): TrackState {
  const [open, setOpen] = useState<OpenTrack>()
  const current = useRef<OpenTrack>(undefined)
  const turn = useRef(0)

  const hold = useCallback((next: OpenTrack | undefined) => {
    if (current.current && current.current.track !== next?.track) current.current.track.stop()
    current.current = next
    setOpen(next)
  }, [])
  const close = useCallback(() => {
    turn.current++
    hold(undefined)
  }, [hold])
  useEffect(() => close, [close])

  const ask = useCallback(
    async (kind: InputKind, constraints: MediaTrackConstraints): Promise<Answer> => {
      close()
      const mine = turn.current
      try {
        const asked = kind === 'camera' ? { video: constraints } : { audio: constraints }
        const stream = await navigator.mediaDevices.getUserMedia(asked)
        const [track] = stream.getTracks()
        if (!track) throw new DOMException('The stream came without a track.', 'NotFoundError')
        if (mine !== turn.current) {
          track.stop()
          throw new DOMException('Something else was asked for meanwhile.', 'AbortError')
        }
        const opened = look(kind, track)
        track.addEventListener('ended', () => current.current?.track === track && close())
        hold(opened)
        return { open: opened }
      } catch (error) {
        return { refusal: refusalOf(error) }
      }
    },
    [close, hold],
  )
  const apply = useCallback(
    async (constraints: MediaTrackConstraints): Promise<Answer> => {
      const now = current.current
      if (!now) return { refusal: { name: 'InvalidStateError', constraint: undefined, error: 'Nothing is open.' } }
      try {
        await now.track.applyConstraints(constraints)
        const changed = look(now.kind, now.track)
        if (current.current?.track === now.track) hold(changed)
        return { open: changed }
      } catch (error) {
        return { refusal: refusalOf(error) }
      }
    },
    [hold],
  )
  return { open, ask, apply, close }
}

function look(kind: InputKind, track: MediaStreamTrack): OpenTrack {
  return { kind, track, settings: settingsOf(track), capabilities: capabilitiesOf(track) }
}

function refusalOf(error: unknown): Refusal {
  const name = error instanceof Error || error instanceof DOMException ? error.name : 'Error'
  const constraint: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'constraint') : undefined
  return {
    name,
    constraint: typeof constraint === 'string' && constraint !== '' ? constraint : undefined,
    error: describeError(error),
  }
}
