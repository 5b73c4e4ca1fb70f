import { type EffectsChoice, filterNames, isPlain, plainChoice, stickerNames } from '@parley/effects'
import { Button, cx, Switch } from '@parley/ui'
import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { choosePicture, setInput } from '../media/media.ts'
import { Preview } from '../media/preview.tsx'
import { useMedia } from '../media/store.ts'
import { BackgroundGroup } from './background-group.tsx'
import { ChoiceGroup, ChoiceTile } from './choice-tile.tsx'
import { useEffects } from './choices.ts'
import { drawings } from './drawings.ts'
import { PictureStatus } from './picture-status.tsx'
import { SoundSettings } from './sound-settings.tsx'
import { Thumbnail } from './thumbnail.tsx'

/** All effects, with what they do to one's own picture. Whatever is chosen is in force at once. */
export function EffectsPanel() {
  const { t } = useTranslation('effects')
  const picture = useEffects(({ picture }) => picture)
  const change = (patch: Partial<EffectsChoice>) => choosePicture({ ...picture, ...patch })
  return (
    <div className="space-y-6">
      <div className="sticky -top-6 z-10 -mx-6 space-y-3 bg-raised px-6 pb-3">
        <OwnPicture />
        <PictureStatus />
      </div>
      <BackgroundGroup background={picture.background} onChange={background => change({ background })} />
      <section aria-label={t('look')} className="space-y-1">
        <h3 className="font-medium">{t('look')}</h3>
        <Switch label={t('light')} checked={picture.light} onChange={light => change({ light })} />
        <Smoothing value={picture.smoothing} onChange={smoothing => change({ smoothing })} />
      </section>
      <ChoiceGroup title={t('filter')}>
        {filterNames.map(filter => (
          <ChoiceTile
            key={filter}
            label={t(`filter.${filter}`)}
            pressed={picture.filter === filter}
            onPress={() => change({ filter })}
          >
            <Thumbnail draw={drawings.filters[filter]} />
          </ChoiceTile>
        ))}
      </ChoiceGroup>
      <ChoiceGroup title={t('sticker')}>
        {(['none', ...stickerNames] as const).map(sticker => (
          <ChoiceTile
            key={sticker}
            label={t(`sticker.${sticker}`)}
            pressed={picture.sticker === sticker}
            onPress={() => change({ sticker })}
          >
            <Thumbnail draw={sticker === 'none' ? drawings.bare : drawings.stickers[sticker]} />
          </ChoiceTile>
        ))}
      </ChoiceGroup>
      <Button
        disabled={isPlain(picture)}
        icon={<RotateCcw size={18} aria-hidden="true" />}
        onClick={() => choosePicture(plainChoice)}
      >
        {t('reset')}
      </Button>
      <section aria-label={t('sound')} className="space-y-2 border-t border-line pt-5">
        <h3 className="font-medium">{t('sound')}</h3>
        <SoundSettings />
      </section>
    </div>
  )
}

function OwnPicture() {
  const { t } = useTranslation('effects')
  const on = useMedia(({ camera }) => camera.status === 'on')
  return (
    <div
      data-theme="dark"
      className="mx-auto flex aspect-video max-h-[34dvh] w-full items-center justify-center overflow-hidden rounded-xl bg-stage text-ink"
    >
      {on ? (
        <Preview className="size-full object-cover" />
      ) : (
        <div className="space-y-3 px-6 text-center text-ink-soft">
          <p>{t('cameraOff')}</p>
          <Button variant="control" onClick={() => void setInput('camera', true)}>
            {t('turnOn')}
          </Button>
        </div>
      )}
    </div>
  )
}

interface SmoothingProps {
  readonly value: EffectsChoice['smoothing']
  readonly onChange: (value: EffectsChoice['smoothing']) => void
}

function Smoothing({ value, onChange }: SmoothingProps) {
  const { t } = useTranslation('effects')
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5">
      <span id="effects-smoothing">{t('smoothing')}</span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields */}
      <div role="group" aria-labelledby="effects-smoothing" className="flex rounded-lg bg-control p-0.5">
        {(['none', 'light', 'strong'] as const).map(each => (
          <button
            key={each}
            type="button"
            aria-pressed={value === each}
            onClick={() => onChange(each)}
            className={cx(
              'h-11 min-w-14 rounded-md px-3 text-[0.9375rem]',
              value === each ? 'bg-accent font-medium text-on-accent' : 'hover:bg-control-hover',
            )}
          >
            {t(`smoothing.${each}`)}
          </button>
        ))}
      </div>
    </div>
  )
}
