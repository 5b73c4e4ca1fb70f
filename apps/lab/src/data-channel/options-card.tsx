import { Select, TextField } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { Option } from '../shell/option.tsx'
import { type ChannelSettings, type Mode, modes } from './options.ts'

const chunks = [64, 1024, 16_384, 65_536, 262_144]
const lengths = [1, 3, 10, 30]

export interface OptionsCardProps {
  readonly settings: ChannelSettings
  readonly mode: Mode
  readonly disabled: boolean
  readonly onChange: (patch: Partial<ChannelSettings>) => void
}

/** Which kind of channel to test, and the test's parameters. */
export function OptionsCard({ settings, mode, disabled, onChange }: OptionsCardProps) {
  const { t, i18n } = useTranslation('labDataChannel')
  const size = (bytes: number) => t('bytes', { bytes: new Intl.NumberFormat(i18n.language).format(bytes) })
  const including = (choices: readonly number[], now: number) => [...new Set([...choices, now])].sort((a, b) => a - b)
  return (
    <Card title={t('options')} hint={t(`mode.${mode}.hint`)}>
      <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <Select
          label={t('mode')}
          value={mode}
          disabled={disabled}
          options={modes.map(value => ({ value, label: t(`mode.${value}`) }))}
          onChange={value => onChange({ mode: value })}
        />
        {mode === 'retransmits' && (
          <NumberField
            label={t('retransmits')}
            value={settings.retransmits}
            max={100}
            onChange={retransmits => onChange({ retransmits })}
          />
        )}
        {mode === 'lifetime' && (
          <NumberField
            label={t('lifetime')}
            value={settings.lifetime}
            max={60_000}
            onChange={lifetime => onChange({ lifetime })}
          />
        )}
        <Select
          label={t('chunk')}
          value={String(settings.chunk)}
          disabled={disabled}
          options={including(chunks, settings.chunk).map(value => ({ value: String(value), label: size(value) }))}
          onChange={value => onChange({ chunk: Number(value) })}
        />
        <Select
          label={t('seconds')}
          value={String(settings.seconds)}
          disabled={disabled}
          options={including(lengths, settings.seconds).map(value => ({
            value: String(value),
            label: t('seconds.value', { seconds: value }),
          }))}
          onChange={value => onChange({ seconds: Number(value) })}
        />
      </div>
      <div className="-mx-2 mt-3">
        <Option
          pressed={settings.relayed}
          disabled={disabled}
          onPressedChange={relayed => onChange({ relayed })}
          hint={t('relayed.hint')}
        >
          {t('relayed')}
        </Option>
      </div>
    </Card>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly value: number
  readonly max: number
  readonly onChange: (value: number) => void
}

function NumberField({ label, value, max, onChange }: NumberFieldProps) {
  return (
    <TextField
      label={label}
      type="number"
      inputMode="numeric"
      min={0}
      max={max}
      value={String(value)}
      onChange={text => onChange(Math.min(max, Math.max(0, Math.round(Number(text) || 0))))}
    />
  )
}
