import { toast } from '@parley/ui/page'
import type { useTranslation } from 'react-i18next'
import type { View } from '../view.ts'
import type { Snapshot } from './snapshot.ts'

type Translate = ReturnType<typeof useTranslation<'meeting'>>['t']

/**
 * Takes a snapshot with a flash, and says where it went.
 * @param key Of the tile that it is of; undefined: the whole meeting.
 */
export async function saveSnapshot(
  view: View,
  t: Translate,
  take: () => Promise<Snapshot>,
  key?: string,
): Promise<void> {
  view.setState(state => ({ flash: { count: state.flash.count + 1, key } }))
  try {
    const { copied, fileName } = await take()
    toast({ id: 'snapshot', title: t(copied ? 'snapshot.copied' : 'snapshot.saved'), description: fileName })
  } catch (error) {
    console.warn('The snapshot failed:', error)
    const description = error instanceof Error ? error.message : ''
    toast({ id: 'snapshot', title: t('snapshot.failed'), description, tone: 'danger' })
  }
}
