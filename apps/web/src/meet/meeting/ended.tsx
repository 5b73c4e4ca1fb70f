import { House, RotateCcw } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import type { EndedProps } from '../types.ts'
import { formatDuration, isoDuration } from './top/clock.ts'

/** After the meeting: why it ended, how long it lasted, and the way back in or home. */
export function Ended({ room, end, onRejoin, onHome }: EndedProps) {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const duration = formatDuration(end.durationMs)

  useEffect(() => heading.current?.focus(), [])
  useEffect(() => {
    document.title = `${t(`ended.${end.reason}`)} · ${common('appName')}`
    return () => {
      document.title = common('appName')
    }
  }, [t, common, end.reason])

  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-2 px-6 py-10 text-center">
      <h1 ref={heading} tabIndex={-1} className="text-3xl font-semibold tracking-tight outline-none">
        {t(`ended.${end.reason}`)}
      </h1>
      <p className="max-w-md text-ink-soft">{t(`ended.${end.reason}Hint`, { room })}</p>
      <p className="mt-4 flex items-baseline gap-2 text-ink-soft">
        {t('ended.duration')}
        <time dateTime={isoDuration(end.durationMs)} className="text-xl font-semibold tabular-nums text-ink">
          {duration}
        </time>
      </p>
      <div className="mt-8 flex flex-wrap justify-center gap-3">
        {end.reason !== 'removed' && (
          <Button variant="primary" size="lg" icon={<RotateCcw size={18} aria-hidden="true" />} onClick={onRejoin}>
            {t('ended.rejoin')}
          </Button>
        )}
        <Button size="lg" icon={<House size={18} aria-hidden="true" />} onClick={onHome}>
          {common('backHome')}
        </Button>
      </div>
    </main>
  )
}
