import { Banner, Button, Select, Spinner, Switch } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { chooseSound } from '../media/media.ts'
import { noiseChoices, useEffects } from './choices.ts'

/** What is done to one's own sound: noise, echo, volume. */
export function SoundSettings() {
  const { t } = useTranslation('effects')
  const { sound, noiseState } = useEffects()
  return (
    <div className="space-y-1">
      <Select
        label={t('noise')}
        value={sound.noise}
        options={noiseChoices.map(value => ({ value, label: t(`noise.${value}`) }))}
        onChange={noise => chooseSound({ ...sound, noise })}
      />
      {noiseState === 'loading' && (
        <p role="status" className="flex items-center gap-2.5 pt-1.5 text-sm text-ink-soft">
          <Spinner size={16} />
          {t('noise.loading')}
        </p>
      )}
      {noiseState === 'failed' && (
        <Banner
          tone="warn"
          title={t('noise.failed')}
          actions={<Button onClick={() => chooseSound(sound)}>{t('again')}</Button>}
          className="mt-2"
        >
          {t('noise.failedHint')}
        </Banner>
      )}
      <Switch
        label={t('echo')}
        checked={sound.echoCancellation}
        onChange={echoCancellation => chooseSound({ ...sound, echoCancellation })}
      />
      <Switch
        label={t('gain')}
        checked={sound.autoGainControl}
        onChange={autoGainControl => chooseSound({ ...sound, autoGainControl })}
      />
    </div>
  )
}
