import { useTranslation } from 'react-i18next'
import { otherOf } from '../../calls/call-phase.ts'
import { useMeeting, useRoomState } from '../context.ts'
import { Invite } from '../top/invite.tsx'

/** Shown while nobody else is here: how to invite people. Covers the lower part of our own picture. */
export function AloneCard() {
  const { t } = useTranslation('meeting')
  const { call } = useMeeting()
  const { participants } = useRoomState()
  if (participants.length > 0) return null
  return (
    <section
      aria-label={t('alone')}
      className="absolute inset-x-3 bottom-3 z-10 mx-auto max-w-lg animate-rise rounded-2xl border border-line bg-raised p-5 text-ink shadow-pop"
    >
      <h2 className="text-lg font-semibold">{call ? t('waitingFor', { name: otherOf(call).name }) : t('alone')}</h2>
      {!call && (
        <>
          <p className="mt-0.5 mb-4 text-[0.9375rem] text-ink-soft">{t('aloneHint')}</p>
          <Invite />
        </>
      )}
    </section>
  )
}
