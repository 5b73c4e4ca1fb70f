import { Select } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { unwrap } from './parse.ts'
import type { SdpSource } from './sources.ts'

interface SlotProps {
  readonly label: string
  readonly text: string
  readonly source: string
  readonly sources: readonly SdpSource[]
  readonly onChange: (text: string, source: string) => void
}

/** Input for one of the two descriptions, taken from a call or pasted. */
export function Slot({ label, text, source, sources, onChange }: SlotProps) {
  const { t } = useTranslation('labSdp')
  const known = sources.some(({ id }) => id === source)
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <Select
        label={`${label}: ${t('from')}`}
        hideLabel
        value={known ? source : 'paste'}
        options={[
          { value: 'paste', label: t('from.paste') },
          ...sources.map(({ id, kind, call, connection }) => ({
            value: id,
            label: t(`from.${kind}`, { call, connection }),
          })),
        ]}
        onChange={id => onChange(sources.find(each => each.id === id)?.sdp ?? '', id)}
      />
      <textarea
        aria-label={label}
        value={text}
        spellCheck={false}
        autoComplete="off"
        placeholder={t('placeholder')}
        onChange={event => onChange(unwrap(event.target.value), 'paste')}
        className="mt-2 block h-32 w-full resize-y rounded-lg border border-line-strong/60 bg-surface p-3 font-mono text-xs outline-none placeholder:text-ink-soft focus:border-accent focus:ring-3 focus:ring-accent/20"
      />
    </fieldset>
  )
}
