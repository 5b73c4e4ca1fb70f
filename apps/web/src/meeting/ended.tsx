import { Button, Notice } from '@parley/ui'
import { problemWords, useTitle } from '@parley/ui/page'
import { House, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { RecordingsButton } from '../recordings/recordings-host.tsx'
import type { EndedProps } from '../types.ts'
import { Finishing } from './recording/finishing.tsx'
import { formatDuration, isoDuration } from './top/clock.ts'

/** Shown after the meeting: why it ended, how long the person was there, and buttons to rejoin or go home. */
export function Ended({ room, end, onRejoin, onHome }: EndedProps) {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  // If the session ended, the common texts explain its error code.
  const problem = end.code && problemWords(end.code)
  const title = problem ? common(`problem.${problem}.title`) : t(`ended.${end.reason}`)
  useTitle(title)

  return (
    <Notice
      title={title}
      text={
        <>
          <p>{problem ? common(`problem.${problem}.hint`) : t(`ended.${end.reason}Hint`, { room })}</p>
          <p className="mt-4">
            {t('ended.duration')}{' '}
            <time dateTime={isoDuration(end.durationMs)} className="font-semibold tabular-nums text-ink">
              {formatDuration(end.durationMs)}
            </time>
          </p>
          <Finishing className="mt-4" />
          <div className="mt-2">
            <RecordingsButton />
          </div>
        </>
      }
    >
      <Button size="lg" icon={<House size={18} aria-hidden="true" />} onClick={onHome}>
        {common('backHome')}
      </Button>
      {end.reason !== 'removed' && (
        <Button variant="primary" size="lg" icon={<RotateCcw size={18} aria-hidden="true" />} onClick={onRejoin}>
          {t('ended.rejoin')}
        </Button>
      )}
    </Notice>
  )
}
