import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../shell/words.ts'
import { explain } from './explain.ts'
import type { Sdp, SdpLine, SdpSection } from './parse.ts'

/** Every line with its meaning, section by section. */
export function Explained({ sdp }: { readonly sdp: Sdp }) {
  return (
    <div className="space-y-3">
      {sdp.sections.map(section => (
        <Section key={section.index} section={section} />
      ))}
    </div>
  )
}

export function useSectionTitle(): (
  section: Pick<SdpSection, 'kind' | 'index'> & { readonly mid?: string | undefined },
) => string {
  const { t } = useTranslation('labSdp')
  return ({ kind, index, mid }) =>
    index < 0 ? t('session') : mid === undefined ? t('section', { kind, index }) : t('sectionMid', { kind, mid })
}

function Section({ section }: { readonly section: SdpSection }) {
  const { t } = useTranslation('labSdp')
  const title = useSectionTitle()
  return (
    <details open={section.index < 1} className="group overflow-hidden rounded-lg border border-line">
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 bg-sunken px-3 py-2 font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight size={16} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        {title(section)}
        <span className="text-sm font-normal text-ink-soft">{t('lines', { count: section.lines.length })}</span>
      </summary>
      <ol className="divide-y divide-line">
        {section.lines.map(line => (
          <Line key={line.number} line={line} section={section} />
        ))}
      </ol>
    </details>
  )
}

function Line({ line, section }: { readonly line: SdpLine; readonly section: SdpSection }) {
  const { t } = useTranslation('labSdp')
  const words = useWords()
  const parts = line.problem ? [] : explain(line, section)
  const sources = [...new Set(parts.map(({ source }) => source))]
  return (
    <li
      data-line={line.problem ? 'problem' : parts.length === 0 ? 'unknown' : 'known'}
      className="grid gap-x-5 gap-y-1 px-3 py-2 text-sm md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]"
    >
      <code className="text-xs leading-5 break-all">
        <span aria-hidden="true" className="mr-2 inline-block w-6 text-right text-ink-soft select-none">
          {line.number}
        </span>
        {line.text}
      </code>
      <div className="min-w-0 max-md:pl-8">
        {line.problem && <p className="text-danger-text">{t(`problem.${line.problem}`)}</p>}
        {!line.problem && parts.length === 0 && <p className="text-warn-text">{t('unknown')}</p>}
        {parts.map(({ key, params }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line have no other id, and never move
          <p key={i} className="text-pretty break-words">
            {words.find('labSdp', `line.${key}`, params)}
          </p>
        ))}
        {sources.length > 0 && <p className="mt-0.5 text-xs text-ink-soft">{sources.join(' · ')}</p>}
      </div>
    </li>
  )
}
