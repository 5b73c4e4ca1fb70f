import { lazy, Suspense, useSyncExternalStore } from 'react'
import { areToastsWanted, onToastsWanted, showToastsWith } from '../page/toasts.ts'

/** Loaded with the first toast, since most visits never show one. */
const ToastList = lazy(() => import('./toast-list.tsx').then(module => ({ default: module.ToastList })))

/** The place where toasts appear. Render it once, at the root. */
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
