import type { ClientErrorCode } from '@parley/client'
import { Button, buttonClass, Notice } from '@parley/ui'
import { clockWords, problemWords, retryConnection, useClockOff, useSession } from '@parley/ui/page'
import { LockKeyhole } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

/** Tells a person who may not enter the room why, and what to do. */
export function Refused({ code }: { readonly code: ClientErrorCode }) {
  const { t, i18n } = useTranslation()
  const problem = problemWords(code)
  const off = useClockOff(problem === 'token-expired' || problem === 'token-invalid')
  const clock = off === undefined ? undefined : clockWords(off, i18n.language)
  const disconnected = useSession(({ connection }) => connection.status === 'failed')
  return (
    <Notice
      icon={<LockKeyhole size={28} aria-hidden="true" />}
      title={t(`problem.${problem}.title`)}
      text={
        <>
          <p>{t(`problem.${problem}.hint`)}</p>
          {clock && <p className="mt-2">{t(`problem.clock.${clock.way}`, { off: clock.off })}</p>}
        </>
      }
    >
      <Link href="/" className={buttonClass({ variant: disconnected ? 'secondary' : 'primary' })}>
        {t('backHome')}
      </Link>
      {disconnected && (
        <Button variant="primary" onClick={retryConnection}>
          {t('tryAgain')}
        </Button>
      )}
    </Notice>
  )
}
