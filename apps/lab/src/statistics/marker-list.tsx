import { useTranslation } from 'react-i18next'
import { useWords } from '../shell/words.ts'
import type { Marker } from './markers.ts'

/** The markers as a list, newest first. */
export function MarkerList({ markers }: { readonly markers: readonly Marker[] }) {
  const { t } = useTranslation('labStatistics')
  const words = useWords()
  if (markers.length === 0) return <p className="text-sm text-ink-soft">{t('markersNone')}</p>
  return (
    <ol className="space-y-1 text-sm">
      {[...markers].reverse().map(marker => {
        const { at, kind, params } = marker
        const key = kind === 'limited' ? `marker.limited.${params.reason}` : `marker.${kind}`
        return (
          <li key={`${at} ${kind} ${Object.values(params).join(' ')}`} data-marker={kind} className="flex gap-3">
            <time className="shrink-0 text-ink-soft tabular-nums">
              {new Date(at).toLocaleTimeString(words.language, { hour12: false })}
            </time>
            <span className="min-w-0 break-words">{words.find('labStatistics', key, params) ?? kind}</span>
          </li>
        )
      })}
    </ol>
  )
}
