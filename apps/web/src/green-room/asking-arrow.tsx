import { cx } from '@parley/ui'
import { browserKind, promptPlace } from '@parley/ui/page'
import { ArrowUp, ArrowUpLeft } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../media/store.ts'

/** How long to wait before showing the arrow, ms. A browser that need not ask has opened the device by then. */
const patienceMs = 700

/** Points at the browser's permission prompt while it waits for an answer. */
export function AskingArrow() {
  const { t } = useTranslation('greenRoom')
  const asking = useMedia(({ microphone, camera, permissions }) => {
    const open = (state: { status: string }, permission: string) =>
      state.status === 'asking' && permission !== 'granted' && permission !== 'denied'
    return open(microphone, permissions.microphone) || open(camera, permissions.camera)
  })
  const [shown, setShown] = useState(false)

  useEffect(() => {
    if (!asking) return setShown(false)
    const timer = setTimeout(() => setShown(true), patienceMs)
    return () => clearTimeout(timer)
  }, [asking])

  if (!shown) return null
  const place = promptPlace(browserKind(navigator.userAgent, navigator.maxTouchPoints))
  return (
    <div
      role="status"
      className={cx(
        'pointer-events-none fixed z-30 flex animate-rise items-center gap-3 rounded-xl bg-accent px-4 py-3 font-medium text-on-accent shadow-pop',
        place === 'top-left' && 'top-4 left-4 sm:left-[26rem]',
        place === 'top' && 'top-4 left-1/2 -translate-x-1/2',
        place === undefined && 'inset-x-4 top-4 justify-center',
      )}
    >
      {place === 'top-left' && <ArrowUpLeft size={24} aria-hidden="true" className="shrink-0" />}
      {place === 'top' && <ArrowUp size={24} aria-hidden="true" className="shrink-0" />}
      {t('allow')}
    </div>
  )
}
