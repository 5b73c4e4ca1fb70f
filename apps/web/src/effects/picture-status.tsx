import { Banner, Button, Spinner } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { choosePicture } from '../media/media.ts'
import { useEffects } from './choices.ts'

/** How the effects are doing, if there is anything to be said of it. */
export function PictureStatus() {
  const { t } = useTranslation('effects')
  const { picture, pictureState: state } = useEffects()
  if (state.status === 'loading') {
    return (
      <p role="status" className="flex items-center gap-2.5 text-[0.9375rem] text-ink-soft">
        <Spinner size={18} />
        {t('loading')}
      </p>
    )
  }
  if (state.status === 'stepped-down') {
    return (
      <Banner tone="info" title={t('less')}>
        {t(`less.${state.less}`)}
      </Banner>
    )
  }
  if (state.status === 'failed') {
    return (
      <Banner
        tone="warn"
        title={t('failed')}
        actions={<Button onClick={() => choosePicture(picture)}>{t('again')}</Button>}
      >
        {t(`failed.${state.reason}`)}
      </Banner>
    )
  }
  return null
}
