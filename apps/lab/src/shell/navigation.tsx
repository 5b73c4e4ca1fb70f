import { cx } from '@parley/ui'
import {
  Activity,
  Cable,
  Camera,
  ClipboardCheck,
  FileText,
  Network,
  PhoneCall,
  Repeat,
  Route as RouteIcon,
  SlidersHorizontal,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { LabPageId } from '../page-ids.ts'
import { labPages } from '../pages.ts'
import { useWords } from './words.ts'

const icons: Record<LabPageId, typeof Activity> = {
  checks: ClipboardCheck,
  'call-test': PhoneCall,
  trickle: RouteIcon,
  nat: Network,
  devices: Camera,
  constraints: SlidersHorizontal,
  loopback: Repeat,
  sdp: FileText,
  statistics: Activity,
  'data-channel': Cable,
}

export interface NavigationProps {
  readonly current: LabPageId | undefined
  readonly onNavigate?: () => void
}

/** Links to all pages of the Lab, with *Run all checks* highlighted at the top. */
export function Navigation({ current, onNavigate }: NavigationProps) {
  const { t } = useTranslation('labShell')
  const words = useWords()
  return (
    <nav aria-label={t('pages')}>
      <ul className="flex flex-col gap-0.5">
        {labPages.map(({ id, path }) => {
          const Icon = icons[id]
          return (
            <li key={id} className={id === 'checks' ? 'mb-3' : undefined}>
              <Link
                href={`/lab/${path}`}
                aria-current={id === current ? 'page' : undefined}
                {...(onNavigate && { onClick: onNavigate })}
                className={cx(
                  'flex min-h-11 items-center gap-3 rounded-lg px-3 text-[0.9375rem] transition-colors',
                  id === 'checks' ? 'bg-accent font-medium text-on-accent hover:bg-accent-hover' : 'hover:bg-hover',
                  id === current && id !== 'checks' && 'bg-accent-soft font-medium text-accent-text',
                )}
              >
                <Icon size={18} aria-hidden="true" className="shrink-0" />
                {id === 'checks' ? t('runAll') : words.title(id)}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
