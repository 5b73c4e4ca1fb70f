import type { CallHandle, Session } from '@parley/client'
import { sessionOf, useSession } from './session.ts'

/** Calls the listener with each incoming call, on every session that this tab will have. Call once, at startup. */
export function onIncomingCall(listener: (handle: CallHandle) => void): void {
  let current: Session | undefined
  let stop = () => {}
  const follow = () => {
    const session = sessionOf(useSession.getState().connection)
    if (session === current) return
    stop()
    current = session
    stop = session?.on('incomingCall', listener) ?? (() => {})
    // After a reload of the page, a call may be ringing already.
    for (const handle of session?.calls.values() ?? []) if (handle.direction === 'incoming') listener(handle)
  }
  useSession.subscribe(follow)
  follow()
}
