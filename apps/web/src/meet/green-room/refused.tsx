import { LockKeyhole } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Notice } from '../../app/notice.tsx'
import { problemText } from '../../app/session-problem.tsx'
import { buttonClass } from '../../ui/button.tsx'
import type { FinalRefusal } from './join-state.ts'

/** The room does not open for this person: why, and what to do. */
export function Refused({ code }: { readonly code: FinalRefusal }) {
  const { t } = useTranslation('greenRoom')
  const { t: common } = useTranslation()
  const isPrivate = code === 'room-private'
  const problem = problemText(code)
  return (
    <Notice
      icon={<LockKeyhole size={28} aria-hidden="true" />}
      title={isPrivate ? t('private') : common(`problem.${problem}.title`)}
      text={isPrivate ? t('privateHint') : common(`problem.${problem}.hint`)}
    >
      <Link href="/" className={buttonClass({ variant: 'primary' })}>
        {common('backHome')}
      </Link>
    </Notice>
  )
}
