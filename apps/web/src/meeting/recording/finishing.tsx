import { Spinner } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { useRecorder } from './page-recorder.ts'

/** Says, in the meeting and after it, that a recording is being saved; nothing else. */
export function Finishing({ className }: { readonly className?: string }) {
  const { t } = useTranslation('recording')
  const progress = useRecorder(state => (state.phase === 'finishing' ? state.progress : undefined))
  if (progress === undefined) return null
  return (
    <div
      data-busy
      className={`flex items-center gap-3 rounded-lg bg-raised px-4 py-3 text-left text-ink shadow-pop ${className ?? ''}`}
    >
      <Spinner />
      <div className="min-w-0">
        <p className="font-medium tabular-nums">{t('finishing', { percent: Math.round(progress * 100) })}</p>
        <p className="text-sm text-ink-soft">{t('finishingHint')}</p>
      </div>
    </div>
  )
}
