import { Button } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import type { LoopbackOptions } from './options.ts'
import { hangUp, type Phase, placeCall, start, stop } from './store.ts'

type PhaseName = Phase['phase']

interface Step {
  readonly key: 'start' | 'call' | 'hangUp' | 'stop'
  readonly when: readonly PhaseName[]
  readonly busy?: PhaseName
  readonly act: (options: LoopbackOptions) => unknown
}

const steps: readonly Step[] = [
  { key: 'start', when: ['idle'], busy: 'starting', act: start },
  { key: 'call', when: ['ready'], busy: 'calling', act: options => placeCall(options) },
  { key: 'hangUp', when: ['calling', 'connected', 'failed'], act: hangUp },
  { key: 'stop', when: ['starting', 'ready', 'calling', 'connected', 'failed'], act: stop },
]

/** The four steps in order, with the next one highlighted. */
export function Steps({ phase, options }: { readonly phase: PhaseName; readonly options: LoopbackOptions }) {
  const { t } = useTranslation('labLoopback')
  const next = steps.find(({ when }) => when.includes(phase))
  return (
    <ol className="grid w-full grid-cols-2 gap-2 sm:flex sm:w-auto">
      {steps.map((step, i) => (
        <li key={step.key}>
          <Button
            block
            variant={step === next ? 'primary' : 'secondary'}
            disabled={!step.when.includes(phase)}
            busy={step.busy === phase}
            onClick={() => void step.act(options)}
          >
            <span aria-hidden="true" className="opacity-70 tabular-nums">
              {i + 1}
            </span>
            {t(`step.${step.key}`)}
          </Button>
        </li>
      ))}
    </ol>
  )
}
