import { Banner, Button, Dialog, Spinner } from '@parley/ui'
import { type ComponentType, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

type Loaded =
  | { readonly status: 'loading' }
  | { readonly status: 'failed' }
  | { readonly status: 'ready'; readonly Panel: ComponentType }

/** Everything that can be done to one's own picture and sound, with a preview. Its contents are fetched when it is opened. */
export function EffectsDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('effects')
  const { t: common } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('open')} closeLabel={common('close')} size="lg">
      <Contents />
    </Dialog>
  )
}

function Contents() {
  const { t } = useTranslation('effects')
  const [loaded, setLoaded] = useState<Loaded>({ status: 'loading' })
  const load = useCallback(() => {
    setLoaded({ status: 'loading' })
    import('./effects-panel.tsx').then(
      ({ EffectsPanel }) => setLoaded({ status: 'ready', Panel: EffectsPanel }),
      (error: unknown) => {
        console.warn('The effects cannot be loaded:', error)
        setLoaded({ status: 'failed' })
      },
    )
  }, [])
  useEffect(load, [load])
  if (loaded.status === 'ready') return <loaded.Panel />
  if (loaded.status === 'loading') {
    return (
      <div className="flex min-h-64 items-center justify-center text-ink-soft">
        <Spinner size={28} />
      </div>
    )
  }
  return (
    <Banner tone="danger" role="alert" title={t('loadFailed')} actions={<Button onClick={load}>{t('again')}</Button>}>
      {t('loadFailedHint')}
    </Banner>
  )
}
