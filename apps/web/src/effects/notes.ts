import type { EffectsState } from '@parley/effects/types'
import { toast } from '@parley/ui/page'
import i18next from 'i18next'

/** Says when effects fail or do less, also to whoever does not look at them. */
export function notePicture(state: EffectsState, before: EffectsState): void {
  if (state.status === 'failed') {
    toast({
      id: 'effects',
      title: i18next.t('effects:failed'),
      description: i18next.t(`effects:failed.${state.reason}`),
      tone: 'danger',
      timeoutMs: 12_000,
    })
  } else if (state.status === 'stepped-down' && before.status === 'on') {
    toast({ id: 'effects', title: i18next.t('effects:less'), description: i18next.t(`effects:less.${state.less}`) })
  }
}

export function noteNoiseFailed(): void {
  toast({
    id: 'noise',
    title: i18next.t('effects:noise.failed'),
    description: i18next.t('effects:noise.failedHint'),
    tone: 'danger',
    timeoutMs: 12_000,
  })
}
