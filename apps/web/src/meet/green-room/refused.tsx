import type { ClientErrorCode } from '@parley/client'
import { LockKeyhole } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Notice } from '../../app/notice.tsx'
import { retryConnection, useSession } from '../../app/session.ts'
import { problemText } from '../../app/session-problem.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'

/** The room does not open for this person: why, and what to do. */
export function Refused({ code }: { readonly code: ClientErrorCode }) {
  const { t } = useTranslation('greenRoom')
  const { t: common } = useTranslation()
  const isPrivate = code === 'room-private'
  const problem = problemText(code)
  const disconnected = useSession(({ connection }) => connection.status === 'failed')
  return (
    <Notice
      icon={<LockKeyhole size={28} aria-hidden="true" />}
      title={isPrivate ? t('private') : common(`problem.${problem}.title`)}
      text={isPrivate ? t('privateHint') : common(`problem.${problem}.hint`)}
    >
      <Link href="/" className={buttonClass({ variant: disconnected ? 'secondary' : 'primary' })}>
        {common('backHome')}
      </Link>
      {disconnected && (
        <Button variant="primary" onClick={retryConnection}>
          {common('tryAgain')}
        </Button>
      )}
    </Notice>
  )
}
