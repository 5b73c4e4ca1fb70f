import { useTranslation } from 'react-i18next'
import { cx } from '../../ui/cx.ts'
import { type TimelineEvent, timelineTone } from '../report/timeline.ts'
import { useWords } from './words.ts'

const tones = { good: 'bg-accent', bad: 'bg-danger', plain: 'bg-line-strong' } as const

/** What happened in a call, in order. */
export function TimelineList({ events }: { readonly events: readonly TimelineEvent[] }) {
  const { t } = useTranslation('labShell')
  const words = useWords()
  const began = events[0]?.at ?? 0
  if (events.length === 0) return <p className="text-ink-soft">{t('timeline.none')}</p>
  return (
    <ol className="space-y-2.5 text-sm">
      {events.map((event, i) => {
        const { at, kind, who = '', params = {} } = event
        const tone = timelineTone[kind]
        const filled = Object.fromEntries(
          Object.entries(params).map(([name, value]) => [
            name,
            typeof value !== 'string'
              ? words.value(value)
              : name === 'direction' || name === 'source'
                ? (words.find('labShell', `timeline.${name}.${value}`) ?? value)
                : value,
          ]),
        )
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two of the same kind may happen at one moment, and lines never move
          <li key={`${at} ${kind} ${who} ${i}`} data-timeline={kind} className="flex items-start gap-3">
            <span className="w-20 shrink-0 text-ink-soft tabular-nums">
              <time dateTime={new Date(at).toISOString()}>
                {new Date(at).toLocaleTimeString(words.language, { hour12: false })}
              </time>
              <span className="block text-xs">+{Math.round((at - began) / 1000)} s</span>
            </span>
            <span aria-hidden="true" className={cx('mt-1.5 size-2.5 shrink-0 rounded-full', tones[tone])} />
            <span className="min-w-0 text-pretty break-words">
              {tone !== 'plain' && <span className="sr-only">{t(`timeline.tone.${tone}`)}</span>}
              {words.find('labShell', `timeline.${kind}`, { who, ...filled }) ?? kind}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
