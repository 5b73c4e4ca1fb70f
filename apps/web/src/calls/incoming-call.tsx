import { lazy, Suspense, useEffect } from 'react'
import { useRoute } from 'wouter'
import { useCalls } from './call-store.ts'

const load = () => import('./incoming-dialog.tsx')
const IncomingDialog = lazy(() => load().then(module => ({ default: module.IncomingDialog })))

/** Sits above every page and shows an incoming call, if any, until it is answered and has a page of its own. */
export function IncomingCall() {
  const active = useCalls(state => state.active)
  const [, page] = useRoute('/call/:id')
  useEffect(() => void load(), []) // A call must not wait for its dialog.
  if (active?.handle.direction !== 'incoming' || page?.id === active.handle.call.id) return null
  const { phase } = active.phase
  if (phase !== 'incoming' && phase !== 'connecting') return null
  return (
    <Suspense>
      <IncomingDialog key={active.handle.call.id} handle={active.handle} connecting={phase === 'connecting'} />
    </Suspense>
  )
}
