import type { ClientErrorCode } from '@parley/client'
import { useTranslation } from 'react-i18next'
import { Banner } from '../components/banner.tsx'
import { Button } from '../components/button.tsx'
import { problemWords } from '../page/problem.ts'
import { retryConnection } from '../page/session.ts'

export function SessionProblem({
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
