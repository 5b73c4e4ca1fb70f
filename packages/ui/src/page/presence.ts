import { useEffect, useRef } from 'react'
import { codeOf } from './errors.ts'
import { useSession } from './session.ts'
import { useSettings } from './settings.ts'
import { hasWebRtc } from './web-rtc.ts'

/** A person counts as away after the page was hidden or untouched for this long, ms. */
export const awayAfterMs = 5 * 60_000

/** How long a name must stay unchanged before it is sent, so that others do not see it letter by letter, ms. */
const settleMs = 600

export interface Attention {
  readonly name: string
  /** When the page was hidden; undefined while it is visible. */
  readonly hiddenSince: number | undefined
  readonly lastInputAt: number
}

/** What others should see of this person, and when that changes without an event (ms; undefined = never). */
export function presenceOf(
  { name, hiddenSince, lastInputAt }: Attention,
  now: number,
): { readonly status: 'available' | 'away' | 'offline'; readonly until: number | undefined } {
  if (name === '') return { status: 'offline', until: undefined }
  const awayAt = Math.min(hiddenSince ?? Number.POSITIVE_INFINITY, lastInputAt) + awayAfterMs
  return now >= awayAt ? { status: 'away', until: undefined } : { status: 'available', until: awayAt }
}

/** Tells the server whether this person is here, away or without a name. Use once, at the root. */
export function usePresence(): void {
  // Without WebRTC this person cannot take calls, so they are reported without a name and nobody can call them.
  const name = useSettings(settings => (hasWebRtc ? settings.name : ''))
  const connection = useSession(state => state.connection)
  const session = connection.status === 'connected' ? connection.session : undefined
  const known = useRef<unknown>(undefined)

  useEffect(() => {
    if (!session) return
    const renamed = known.current === session
    known.current = session
    let attention: Attention = {
      name,
      hiddenSince: document.hidden ? Date.now() : undefined,
      lastInputAt: Date.now(),
    }
    let told: string | undefined
    let timer: ReturnType<typeof setTimeout> | undefined

    const tell = () => {
      clearTimeout(timer)
      const now = Date.now()
      const { status, until } = presenceOf(attention, now)
      if (until !== undefined) timer = setTimeout(tell, until - now)
      if (status === told) return
      told = status
      session.setPresence(status, name || undefined).catch((error: unknown) => {
        told = undefined
        if (codeOf(error) !== 'not-allowed') console.warn('Presence was not set:', error)
      })
    }
    const input = () => {
      const wasAway = told === 'away'
      attention = { ...attention, lastInputAt: Date.now() }
      if (wasAway) tell()
    }
    const visibility = () => {
      attention = { ...attention, hiddenSince: document.hidden ? Date.now() : undefined, lastInputAt: Date.now() }
      tell()
    }

    if (renamed) timer = setTimeout(tell, settleMs)
    else tell()
    const inputs = ['pointerdown', 'pointermove', 'keydown'] as const
    for (const type of inputs) addEventListener(type, input, { passive: true })
    document.addEventListener('visibilitychange', visibility)
    return () => {
      clearTimeout(timer)
      for (const type of inputs) removeEventListener(type, input)
      document.removeEventListener('visibilitychange', visibility)
    }
  }, [session, name])
}
