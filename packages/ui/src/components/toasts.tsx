import { lazy, Suspense, useSyncExternalStore } from 'react'
import { areToastsWanted, onToastsWanted, showToastsWith } from '../page/toasts.ts'

/** The list arrives with the first toast: most visits never show one. */
const ToastList = lazy(() => import('./toast-list.tsx').then(module => ({ default: module.ToastList })))

/** Where toasts appear; once, at the root. */
export function Toasts({ label, closeLabel }: { readonly label: string; readonly closeLabel: string }) {
  const wanted = useSyncExternalStore(onToastsWanted, areToastsWanted)
  return (
    wanted && (
      <Suspense>
        <ToastList label={label} closeLabel={closeLabel} onReady={showToastsWith} />
      </Suspense>
    )
  )
}
