import type { ConnectionSample } from '@parley/diagnostics'
import { useTranslation } from 'react-i18next'
import { ScrollBox } from '../shell/card.tsx'
import { Fold } from '../shell/fold.tsx'

/** Everything the browser reported in the latest sample, entry by entry. */
export function Raw({ sample }: { readonly sample: ConnectionSample }) {
  const { t } = useTranslation('labStatistics')
  const types = [...new Set(sample.stats.map(({ type }) => type))].sort()
  return (
    <div>
      {types.map(type => {
        const entries = sample.stats.filter(entry => entry.type === type)
        return (
          <Fold key={type} summary={`${type} (${entries.length})`}>
            <div className="space-y-3 pb-2">
              {entries.map(entry => (
                <ScrollBox key={entry.id} label={entry.id} className="max-h-80">
                  <table className="w-full border-collapse text-left font-mono text-xs">
                    <caption className="bg-sunken px-2 py-1.5 text-left break-all">{entry.id}</caption>
                    <thead className="sr-only">
                      <tr>
                        <th scope="col">{t('rawName')}</th>
                        <th scope="col">{t('rawValue')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {Object.entries(entry).map(([name, value]) => (
                        <tr key={name} className="border-t border-line">
                          <th scope="row" className="w-1/2 px-2 py-1 font-normal text-ink-soft">
                            {name}
                          </th>
                          <td className="px-2 py-1 break-all">
                            {typeof value === 'object' ? JSON.stringify(value) : String(value)}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </ScrollBox>
              ))}
            </div>
          </Fold>
        )
      })}
    </div>
  )
}
