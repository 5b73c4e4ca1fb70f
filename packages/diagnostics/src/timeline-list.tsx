import { cx } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { type TimelineEvent, timelineTone } from './timeline.ts'
import { formatValue, isMissing, type Value } from './value.ts'

const tones = { good: 'bg-accent', bad: 'bg-danger', plain: 'bg-line-strong' } as const

/** The events of a call, in order. */
export function TimelineList({ events }: { readonly events: readonly TimelineEvent[] }) {
  const { t, i18n } = useTranslation('diagnostics')
  const words = useParamWords()
  const began = events[0]?.at ?? 0
  if (events.length === 0) return <p className="text-ink-soft">{t('timeline.none')}</p>
  return (
    <ol className="space-y-2.5 text-sm">
      {events.map((event, i) => {
        const { at, kind, who = t('timeline.you'), params = {} } = event
        const tone = timelineTone[kind]
        const filled = Object.entries(params).map(([name, value]) => [name, words(name, value)])
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: events of the same kind can coincide, and lines never move
          <li key={`${at} ${kind} ${who} ${i}`} data-timeline={kind} className="flex items-start gap-3">
            <span className="w-20 shrink-0 text-ink-soft tabular-nums">
              <time dateTime={new Date(at).toISOString()}>
                {new Date(at).toLocaleTimeString(i18n.language, { hour12: false })}
              </time>
              <span className="block text-xs">+{Math.round((at - began) / 1000)} s</span>
            </span>
            <span aria-hidden="true" className={cx('mt-1.5 size-2.5 shrink-0 rounded-full', tones[tone])} />
            <span className="min-w-0 text-pretty break-words">
              {tone !== 'plain' && <span className="sr-only">{t(`timeline.tone.${tone}`)}</span>}
              {t(`timeline.${kind}`, { who, ...Object.fromEntries(filled) })}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** Formats the placeholders of a line. A timeline may be imported, so values without a text here stay as they are. */
function useParamWords(): (name: string, value: string | Value) => string {
  const { t, i18n } = useTranslation('diagnostics')
  const find = (key: string): string | undefined =>
    i18n.exists(key, { ns: 'diagnostics' }) ? t(key as 'timeline.none') : undefined
  return (name, value) => {
    if (typeof value === 'string') return find(`timeline.${name}.${value}`) ?? value
    return isMissing(value)
      ? (find(`missing.${value.missing}`) ?? value.missing)
      : (formatValue(value, i18n.language) ?? '')
  }
}
