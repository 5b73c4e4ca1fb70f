import type { Person } from '@parley/protocol'
import { codeOf, toast } from '@parley/ui/page'
import i18next from 'i18next'

const known = ['not-online', 'call-self', 'call-in-progress', 'not-allowed', 'token-expired', 'rate-limited'] as const

/** Shows a toast that says why somebody cannot be called. */
export function noteCallError(error: unknown, { name }: Person): void {
  const code = known.find(candidate => candidate === codeOf(error)) ?? 'generic'
  toast({ id: 'call', title: i18next.t(`calls:failed.${code}`, { name }), tone: 'danger' })
}

/** Shows a toast about a missed call, with an offer to call back. */
export function noteMissed({ name, identity }: Person, callBack: () => void): void {
  toast({
    id: `missed-${identity}`,
    title: i18next.t('calls:missed', { name }),
    action: { label: i18next.t('calls:callBack'), onSelect: callBack },
    timeoutMs: 0,
  })
}
