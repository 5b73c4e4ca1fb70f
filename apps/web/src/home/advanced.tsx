import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { TopologyWish } from '@parley/protocol'
import { cx, Switch } from '@parley/ui'
import { changeSettings, useSettings } from '@parley/ui/page'
import { ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

const wishes = ['auto', 'mesh', 'sfu'] as const satisfies readonly TopologyWish[]

/** Settings for people who want to choose how media is routed. */
export function Advanced() {
  const { t } = useTranslation('home')
  const [open, setOpen] = useState(false)
  const panel = useId()
  const heading = useId()
  const { topology, relayOnly } = useSettings()
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
        className="-ml-2 flex h-11 items-center gap-1.5 rounded-lg px-2 text-sm font-medium text-ink-soft hover:bg-hover"
      >
        {t('advanced')}
        <ChevronDown size={16} aria-hidden="true" className={cx('transition-transform', open && 'rotate-180')} />
      </button>
      <div id={panel} hidden={!open} className="mt-1 rounded-xl border border-line bg-surface p-4">
        <p id={heading} className="font-medium">
          {t('topology')}
        </p>
        <RadioGroup
          aria-labelledby={heading}
          value={topology}
          onValueChange={wish => changeSettings({ topology: wish })}
          className="mt-1"
        >
          {wishes.map(wish => (
            <Wish key={wish} wish={wish} />
          ))}
        </RadioGroup>
        <div className="mt-2 border-t border-line pt-2">
          <Switch
            label={t('relayOnly')}
            checked={relayOnly}
            onChange={checked => changeSettings({ relayOnly: checked })}
          />
          <p className="text-sm text-ink-soft">{t('relayOnlyHint')}</p>
        </div>
      </div>
    </div>
  )
}

function Wish({ wish }: { readonly wish: TopologyWish }) {
  const { t } = useTranslation('home')
  const name = useId()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Base UI's radio is a button with an input inside, and takes the label's clicks.
    <label className="flex min-h-11 cursor-pointer items-start gap-3 py-2">
      <Radio.Root
        value={wish}
        aria-labelledby={name}
        className="mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full border-2 border-line-strong data-checked:border-accent"
      >
        <Radio.Indicator className="size-2.5 rounded-full bg-accent" />
      </Radio.Root>
      <span className="min-w-0">
        <span id={name} className="block leading-6">
          {t(`topology.${wish}`)}
        </span>
        <span className="block text-sm text-ink-soft">{t(`topology.${wish}Hint`)}</span>
      </span>
    </label>
  )
}
