import { cx } from '@parley/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Option } from '../shell/option.tsx'
import { type DiffRow, diffSdp } from './diff.ts'
import { useSectionTitle } from './explained.tsx'
import type { Sdp } from './parse.ts'

const looks: Record<DiffRow['kind'], { readonly sign: string; readonly left: string; readonly right: string }> = {
  same: { sign: ' ', left: 'text-ink-soft', right: 'text-ink-soft' },
  changed: { sign: '~', left: 'bg-warn-soft text-warn-text', right: 'bg-warn-soft text-warn-text' },
  removed: { sign: '−', left: 'bg-danger-soft text-danger-text', right: '' },
  added: { sign: '+', left: '', right: 'bg-accent-soft text-accent-text' },
}

/** Two descriptions side by side. */
export function Differences({ left, right }: { readonly left: Sdp; readonly right: Sdp }) {
  const { t } = useTranslation('labSdp')
  const title = useSectionTitle()
  const [short, setShort] = useState(true)
  const sections = diffSdp(left, right)
  const same = sections.every(({ rows }) => rows.every(({ kind }) => kind === 'same'))
  return (
    <div className="space-y-3">
      <Option pressed={short} onPressedChange={setShort}>
        {t('onlyChanges')}
      </Option>
      {same && <p className="text-ink-soft">{t('same')}</p>}
      {sections.map(({ index, kind, rows }) => {
        const shown = rows.filter(row => !short || row.kind !== 'same')
        if (shown.length === 0) return null
        return (
          <section
            key={index}
            aria-label={title({ kind, index })}
            className="overflow-hidden rounded-lg border border-line"
          >
            <h3 className="bg-sunken px-3 py-2 text-sm font-medium">{title({ kind, index })}</h3>
            <table className="w-full table-fixed border-collapse text-left font-mono text-xs">
              <thead className="sr-only">
                <tr>
                  <th scope="col">{t('diffWas')}</th>
                  <th scope="col">{t('diffIs')}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map(row => (
                  <Row key={`${row.left?.number ?? ''} ${row.right?.number ?? ''}`} row={row} />
                ))}
              </tbody>
            </table>
          </section>
        )
      })}
    </div>
  )
}

function Row({ row: { kind, left, right } }: { readonly row: DiffRow }) {
  const { t } = useTranslation('labSdp')
  const look = looks[kind]
  return (
    <tr data-diff={kind} className="border-t border-line align-top">
      <td className={cx('w-1/2 border-r border-line px-2 py-1 break-all', look.left)}>
        {left && (
          <>
            <span className="sr-only">{t(`diff.${kind}`)}: </span>
            <span aria-hidden="true" className="mr-1.5 inline-block w-2.5">
              {look.sign}
            </span>
            {left.text}
          </>
        )}
      </td>
      <td className={cx('w-1/2 px-2 py-1 break-all', look.right)}>
        {right && (
          <>
            {!left && <span className="sr-only">{t(`diff.${kind}`)}: </span>}
            <span aria-hidden="true" className="mr-1.5 inline-block w-2.5">
              {look.sign}
            </span>
            {right.text}
          </>
        )}
      </td>
    </tr>
  )
}
