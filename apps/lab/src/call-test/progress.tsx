import { Spinner } from '@parley/ui'
import { Check, Circle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CallKind } from './result.ts'
import type { Step } from './run-call-test.ts'

export interface ProgressProps {
  readonly step: Step
  readonly kinds: readonly CallKind[]
  readonly seconds: number
}

/** Shows which step the test has reached. */
export function Progress({ step, kinds, seconds }: ProgressProps) {
  const { t } = useTranslation('labCallTest')
  const steps: readonly Step[] = ['signalling', 'turn', ...kinds]
  const now = steps.indexOf(step)
  return (
    <ol className="grid gap-2 rounded-2xl border border-line bg-surface p-4 sm:p-5">
      {steps.map((each, index) => (
        <li
          key={each}
          aria-current={index === now ? 'step' : undefined}
          className={index > now ? 'flex items-center gap-3 text-ink-soft' : 'flex items-center gap-3'}
        >
          <span className="flex size-5 items-center justify-center text-accent-text">
            {index < now && <Check size={18} aria-hidden="true" />}
            {index === now && <Spinner />}
            {index > now && <Circle size={14} aria-hidden="true" className="text-line-strong" />}
          </span>
          <span className="min-w-0">
            {t(`step.${each}`)}
            {index === now && each !== 'signalling' && each !== 'turn' && (
              <span className="text-ink-soft"> {t('about', { seconds: seconds + 3 })}</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  )
}
