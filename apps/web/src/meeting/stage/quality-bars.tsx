import type { ParticipantState } from '@parley/client'
import { useTranslation } from 'react-i18next'
import type { Quality } from '../top/quality.ts'

const heights = ['h-1', 'h-1.5', 'h-2.5', 'h-3.5']

interface QualityBarsProps {
  readonly quality: Quality
  readonly reason?: ParticipantState['qualityReason']
}

/** One to four bars, hollow while the quality is unknown. The quality in words, and what it comes from, is the accessible name. */
export function QualityBars({ quality, reason }: QualityBarsProps) {
  const { t } = useTranslation('meeting')
  const told = quality === undefined ? t('quality.unknown') : t(`quality.${quality}`)
  const label = reason ? t('quality.because', { quality: told, reason: t(`quality.${reason}`) }) : told
  return (
    <span role="img" aria-label={label} title={label} className="inline-flex h-3.5 shrink-0 items-end gap-0.5">
      {heights.map((height, i) => (
        <span
          key={height}
          className={`w-[3px] rounded-full bg-current ${height} ${quality !== undefined && i < quality ? '' : 'opacity-30'}`}
        />
      ))}
    </span>
  )
}
