import { adviceSteps, browserKind } from '@parley/ui/page'
import { Camera, Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FindingStatus } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { StatusIcon } from '../shell/status.tsx'
import type { Permission, Permissions } from './examine.ts'

const kinds = [
  { kind: 'microphone', Icon: Mic },
  { kind: 'camera', Icon: Camera },
] as const
const statuses: Record<Permission, FindingStatus> = {
  granted: 'pass',
  prompt: 'unknown',
  denied: 'fail',
  unknown: 'unknown',
}

/** Whether this page may use the microphone and camera, and how to change that if not. */
export function PermissionStates({ permissions }: { readonly permissions: Permissions }) {
  const { t } = useTranslation('labDevices')
  const { t: advice } = useTranslation()
  const denied = kinds.some(({ kind }) => permissions[kind] === 'denied')
  const browser = browserKind(navigator.userAgent, navigator.maxTouchPoints)
  return (
    <Card title={t('permissions')} hint={t('permissions.hint')}>
      <ul className="grid gap-3 sm:grid-cols-2">
        {kinds.map(({ kind, Icon }) => (
          <li
            key={kind}
            data-permission={`${kind} ${permissions[kind]}`}
            className="flex items-center gap-3 rounded-lg bg-sunken px-4 py-3"
          >
            <Icon size={20} aria-hidden="true" className="shrink-0 text-ink-soft" />
            <span className="min-w-0 flex-1">
              <span className="font-medium">{t(`permission.${kind}`)}</span>
              <span className="block text-sm text-ink-soft">{t(`permission.${permissions[kind]}`)}</span>
            </span>
            <StatusIcon status={statuses[permissions[kind]]} />
          </li>
        ))}
      </ul>
      {denied && (
        <>
          <p className="mt-4 font-medium">{t('unblock')}</p>
          <ol className="mt-1 list-decimal space-y-1 pl-5">
            {adviceSteps[browser].map(key => (
              <li key={key}>{advice(key)}</li>
            ))}
          </ol>
        </>
      )}
    </Card>
  )
}
