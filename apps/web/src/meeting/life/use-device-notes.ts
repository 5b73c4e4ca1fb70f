import { toast, useSettings } from '@parley/ui/page'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useTalkWhileMuted } from '../../media/hooks.ts'
import { retryInput, setInput } from '../../media/media.ts'
import { useMedia } from '../../media/store.ts'

/** Tells the person when a device fails during the meeting, and when they talk into a muted microphone. */
export function useDeviceNotes(): void {
  const { t } = useTranslation('meeting')
  const texts = useRef(t)
  texts.current = t

  useTalkWhileMuted(() => {
    toast({
      id: 'muted',
      title: t('youAreMuted'),
      description: useSettings.getState().shortcuts ? t('youAreMutedHint') : undefined,
      action: { label: t('unmute'), onSelect: () => void setInput('microphone', true) },
    })
  })

  useEffect(
    () =>
      useMedia.subscribe((now, before) => {
        for (const kind of ['microphone', 'camera'] as const) {
          const state = now[kind]
          if (state.status !== 'failed' || before[kind].status === 'failed') continue
          toast({
            id: `device-${kind}`,
            title: texts.current(`${kind}.failed`),
            description: texts.current(`mediaError.${state.code}`),
            tone: 'danger',
            ...(state.code !== 'media-unsupported' && {
              action: { label: texts.current('retry'), onSelect: () => void retryInput(kind) },
              timeoutMs: 12_000,
            }),
          })
        }
      }),
    [],
  )
}
