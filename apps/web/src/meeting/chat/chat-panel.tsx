import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { Composer } from './composer.tsx'
import { groupMessages } from './groups.ts'
import { MessageList } from './message-list.tsx'
import { stillUnsent } from './outbox.ts'

export function ChatPanel() {
  const { t } = useTranslation('meeting')
  const { outbox } = useMeeting()
  const { messages, self } = useRoomState()
  const pending = useView(state => state.pending)
  const groups = groupMessages(messages, stillUnsent(pending, messages, self.id), self)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {groups.length === 0 ? (
        <p className="flex flex-1 items-center justify-center px-8 text-center text-ink-soft">{t('chat.empty')}</p>
      ) : (
        <MessageList groups={groups} newest={messages.at(-1)?.id} />
      )}
      <Composer onSend={text => void outbox.send(text)} />
    </div>
  )
}
