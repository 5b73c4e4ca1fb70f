import { connects, type Network, networks } from '@parley/nat'
import { cx } from '@parley/ui'
import { ArrowLeftRight, Waypoints } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Card, ScrollBox } from '../shell/card.tsx'

const looks = {
  direct: { Icon: ArrowLeftRight, className: 'text-accent-text' },
  relay: { Icon: Waypoints, className: 'text-warn-text' },
} as const

/** Who can call whom without a relay; the row of this browser's own network is marked. */
export function PairTable({ own }: { readonly own: Network | undefined }) {
  const { t } = useTranslation('labNat')
  return (
    <Card title={t('pairs')} hint={t('pairs.hint')}>
      <ScrollBox label={t('pairs.table')}>
        <table className="w-full border-collapse text-sm">
          <thead>
            <tr>
              <td className="sticky left-0 bg-surface px-3 py-2" />
              {networks.map(two => (
                <th
                  key={two}
                  scope="col"
                  className="px-3 py-2 text-left font-medium whitespace-nowrap text-ink-soft md:whitespace-normal"
                >
                  {t(`classic.${two}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {networks.map(one => (
              <tr key={one} data-network={one} className={cx('border-t border-line', one === own && 'bg-accent-soft')}>
                <th
                  scope="row"
                  className={cx(
                    'sticky left-0 px-3 py-2 text-left font-medium whitespace-nowrap',
                    one === own ? 'bg-accent-soft' : 'bg-surface',
                  )}
                >
                  {t(`classic.${one}`)}
                  {one === own && <span className="block text-xs font-normal text-accent-text">{t('pairs.own')}</span>}
                </th>
                {networks.map(two => {
                  const way = connects(one, two)
                  const { Icon, className } = looks[way]
                  return (
                    <td key={two} data-way={way} className="px-3 py-2">
                      <span className={cx('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
                        <Icon size={16} aria-hidden="true" className="shrink-0" />
                        {t(`way.${way}`)}
                      </span>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Card>
  )
}
