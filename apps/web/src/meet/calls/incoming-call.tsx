import { lazy, Suspense, useEffect } from 'react'
import { useCalls } from './call-store.ts'

const load = () => import('./incoming-dialog.tsx')
const IncomingDialog = lazy(() => load().then(module => ({ default: module.IncomingDialog })))

/** Lies over every page: shows the call that rings here, if one does. */
export function IncomingCall() {
  const active = useCalls(state => state.active)
  useEffect(() => void load(), []) // A call must not wait for its dialog.
  if (active?.phase.phase !== 'incoming') return null
  return (
    <Suspense>
      <IncomingDialog key={active.handle.call.id} handle={active.handle} />
    </Suspense>
  )
}
