import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState } from '../context.ts'
import { otherParty } from '../other-party.ts'
import { Invite } from '../top/invite.tsx'

/** While nobody else is here: how to bring somebody. Lies over the lower part of our own picture. */
export function AloneCard() {
  const { t } = useTranslation('meeting')
  const { call } = useMeeting()
  const { participants } = useRoomState()
  if (participants.length > 0) return null
  return (
    <section
      aria-label={t('alone')}
      className="w-full max-w-lg animate-rise rounded-2xl border border-line bg-raised p-5 text-ink shadow-pop"
    >
      <h2 className="text-lg font-semibold">{call ? t('waitingFor', { name: otherParty(call).name }) : t('alone')}</h2>
      {!call && (
        <>
          <p className="mt-0.5 mb-4 text-[0.9375rem] text-ink-soft">{t('aloneHint')}</p>
          <Invite />
        </>
      )}
    </section>
  )
}
