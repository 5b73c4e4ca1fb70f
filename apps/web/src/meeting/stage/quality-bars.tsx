import { useTranslation } from 'react-i18next'
import type { Quality } from '../top/quality.ts'

const heights = ['h-1', 'h-1.5', 'h-2.5', 'h-3.5']

/** One to four bars, hollow while the quality is unknown. The quality in words is the accessible name. */
export function QualityBars({ quality }: { readonly quality: Quality }) {
  const { t } = useTranslation('meeting')
  const label = quality === undefined ? t('quality.unknown') : t(`quality.${quality}`)
  return (
    <span role="img" aria-label={label} className="inline-flex h-3.5 shrink-0 items-end gap-0.5">
      {heights.map((height, i) => (
        <span
          key={height}
          className={`w-[3px] rounded-full bg-current ${height} ${quality !== undefined && i < quality ? '' : 'opacity-30'}`}
        />
      ))}
    </span>
  )
}
