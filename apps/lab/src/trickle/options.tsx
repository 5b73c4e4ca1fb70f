import { Select } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { Option } from '../shell/option.tsx'
import type { TrickleSettings } from './settings.ts'

const pools = [0, 1, 2, 5, 10]
const limits = [3, 5, 10, 20, 45]

export interface OptionsProps {
  readonly settings: TrickleSettings
  readonly onChange: (patch: Partial<TrickleSettings>) => void
}

/** The options for gathering. */
export function Options({ settings, onChange }: OptionsProps) {
  const { t } = useTranslation('labTrickle')
  const including = (choices: readonly number[], now: number) => [...new Set([...choices, now])].sort((a, b) => a - b)
  return (
    <Card title={t('options')}>
      <div className="grid gap-4">
        <div className="-mx-2">
          <Option
            pressed={settings.relayOnly}
            onPressedChange={relayOnly => onChange({ relayOnly })}
            hint={t('relayOnly.hint')}
          >
            {t('relayOnly')}
          </Option>
        </div>
        <Select
          label={t('seconds')}
          value={String(settings.seconds)}
          options={including(limits, settings.seconds).map(value => ({
            value: String(value),
            label: t('seconds.value', { seconds: value }),
          }))}
          onChange={value => onChange({ seconds: Number(value) })}
        />
        <div>
          <Select
            label={t('pool')}
            value={String(settings.pool)}
            options={including(pools, settings.pool).map(value => ({ value: String(value), label: String(value) }))}
            onChange={value => onChange({ pool: Number(value) })}
          />
          <p className="mt-1.5 text-sm text-ink-soft">{t('pool.hint')}</p>
        </div>
      </div>
    </Card>
  )
}
