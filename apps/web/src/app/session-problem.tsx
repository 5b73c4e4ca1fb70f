import type { ClientErrorCode } from '@parley/client'
import { useTranslation } from 'react-i18next'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { retryConnection } from './session.ts'

type ProblemText =
  | 'token-missing'
  | 'token-invalid'
  | 'token-expired'
  | 'not-allowed'
  | 'origin-refused'
  | 'closed'
  | 'unknown'

/** Which words fit a refusal that does not pass by itself. */
export function problemText(code: ClientErrorCode): ProblemText {
  if (code === 'unauthorized') return 'token-missing'
  if (code === 'token-invalid' || code === 'token-expired' || code === 'not-allowed') return code
  if (code === 'origin-refused' || code === 'closed') return code
  return 'unknown'
}

export function SessionProblem({
  code,
  className,
}: {
  readonly code: ClientErrorCode
  readonly className?: string | undefined
}) {
  const { t } = useTranslation()
  const text = problemText(code)
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
