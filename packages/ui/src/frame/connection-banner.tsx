import type { ClientErrorCode } from '@parley/client'
import { useTranslation } from 'react-i18next'
import { Banner } from '../components/banner.tsx'
import { Button } from '../components/button.tsx'
import { useNow } from '../components/use-now.ts'
import { problemWords } from '../page/problem.ts'
import { secondsUntil } from '../page/retry.ts'
import { type Connection, lastingFailure, retryConnection, useSession } from '../page/session.ts'

/** Says that the server is unreachable, with a countdown to the next attempt, or that polling is used. */
export function ConnectionBanner({ className }: { readonly className?: string | undefined }) {
  const connection = useSession(state => state.connection)
  if (connection.status === 'connecting') return null
  if (connection.status === 'connected') return connection.polling ? <Polling className={className} /> : null
  const failure = lastingFailure(connection)
  if (failure) return <SessionProblem code={failure} className={className} />
  return <Countdown retryAt={connection.retryAt} className={className} />
}

interface CountdownProps {
  readonly retryAt: Exclude<Connection, { status: 'connected' | 'connecting' }>['retryAt']
  readonly className?: string | undefined
}

function Countdown({ retryAt, className }: CountdownProps) {
  const { t } = useTranslation()
  const now = useNow(retryAt === undefined ? undefined : 500)
  const seconds = retryAt === undefined ? 0 : secondsUntil(retryAt, now)
  return (
    <Banner
      tone="warn"
      role="alert"
      title={t('connection.lost')}
      actions={
        <Button onClick={retryConnection} disabled={seconds === 0}>
          {t('retryNow')}
        </Button>
      }
      className={className}
    >
      {/* The seconds are only visible: a screen reader would announce every one of them. */}
      <span aria-hidden="true" className="tabular-nums">
        {seconds > 0 ? t('connection.retryIn', { count: seconds }) : t('connection.retrying')}
      </span>
    </Banner>
  )
}

function Polling({ className }: { readonly className?: string | undefined }) {
  const { t } = useTranslation()
  return (
    <Banner title={t('connection.polling')} className={className}>
      {t('connection.pollingHint')}
    </Banner>
  )
}

function SessionProblem({
  code,
  className,
}: {
  readonly code: ClientErrorCode
  readonly className?: string | undefined
}) {
  const { t } = useTranslation()
  const text = problemWords(code)
  return (
    <Banner
      tone="danger"
      role="alert"
      title={t(`problem.${text}.title`)}
      actions={<Button onClick={retryConnection}>{t('tryAgain')}</Button>}
      className={className}
    >
      {t(`problem.${text}.hint`)}
    </Banner>
  )
}
