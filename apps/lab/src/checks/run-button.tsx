import { Button } from '@parley/ui'
import { Play, Square } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Run } from '../shell/use-run.ts'

export interface RunButtonProps<T> {
  readonly run: Run<T>
  /** Replaces the label “Run”. */
  readonly label?: string
  /** Called instead of `run.start`. */
  readonly onStart?: () => void
  readonly disabled?: boolean
}

/** Starts a test, or stops it while it is running. */
export function RunButton<T>({ run, label, onStart, disabled = false }: RunButtonProps<T>) {
  const { t } = useTranslation('labShell')
  if (run.state.status === 'running') {
    return (
      <Button icon={<Square size={18} aria-hidden="true" />} onClick={run.cancel}>
        {t('stop')}
      </Button>
    )
  }
  return (
    <Button
      variant="primary"
      icon={<Play size={18} aria-hidden="true" />}
      disabled={disabled}
      onClick={onStart ?? (() => void run.start())}
    >
      {label ?? (run.state.status === 'idle' ? t('run') : t('runAgain'))}
    </Button>
  )
}
