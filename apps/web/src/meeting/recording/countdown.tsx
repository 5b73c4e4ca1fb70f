import { Button, Spinner } from '@parley/ui'
import { announce } from '@parley/ui/page'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { recorder, useRecorder } from './page-recorder.ts'

/** Over the stage until the recording starts: 3, 2, 1; it can be called off until then. */
export function Countdown() {
  const { t } = useTranslation('recording')
  const phase = useRecorder(state => state.phase)
  const left = useRecorder(state => (state.phase === 'countdown' ? state.left : undefined))
  useEffect(() => {
    if (left !== undefined) announce(t('countdown', { count: left }))
  }, [left, t])
  if (phase !== 'loading' && phase !== 'countdown' && phase !== 'starting') return null
  return (
    <div className="absolute inset-0 z-10 flex flex-col items-center justify-center gap-4 bg-black/60 text-white">
      {left === undefined ? (
        <p className="flex items-center gap-3 text-lg">
          <Spinner size={24} /> {t(phase === 'starting' ? 'starting' : 'loading')}
        </p>
      ) : (
        <>
          <p aria-hidden="true" className="text-8xl font-semibold tabular-nums">
            {left}
          </p>
          <p aria-hidden="true">{t('countdown', { count: left })}</p>
        </>
      )}
      {phase !== 'starting' && <Button onClick={() => recorder.cancel()}>{t('cancel')}</Button>}
    </div>
  )
}
