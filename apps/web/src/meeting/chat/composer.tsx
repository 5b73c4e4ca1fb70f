import { limits } from '@parley/protocol/limits'
import { isBlank } from '@parley/protocol/text'
import { cx, IconButton, isComposing } from '@parley/ui'
import { SendHorizontal } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useView } from '../context.ts'

/** The number of remaining characters is shown once this many or fewer are left. */
const countFrom = 300

/** Enter sends, Shift+Enter starts a new line. The draft survives closing the panel. */
export function Composer({ onSend }: { readonly onSend: (text: string) => void }) {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const draft = useView(state => state.draft)
  const field = useRef<HTMLTextAreaElement>(null)
  const countId = useId()
  const left = limits.chatTextChars - draft.trim().length
  const sendable = !isBlank(draft) && left >= 0

  useEffect(() => {
    if (!field.current) return
    field.current.style.height = draft === '' ? '' : 'auto'
    if (draft !== '') field.current.style.height = `${Math.min(field.current.scrollHeight, 160)}px`
  }, [draft])

  const send = () => {
    if (!sendable) return
    onSend(draft)
    view.setState({ draft: '' })
    field.current?.focus()
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event.nativeEvent)) return
    event.preventDefault()
    send()
  }

  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
      className="shrink-0 border-t border-line p-3"
    >
      <div
        className={cx(
          'flex items-end rounded-xl border bg-surface pl-3.5 focus-within:border-accent focus-within:ring-3 focus-within:ring-accent/20',
          left < 0 ? 'border-danger' : 'border-line-strong/60',
        )}
      >
        <textarea
          ref={field}
          data-autofocus
          rows={1}
          value={draft}
          dir="auto"
          aria-label={t('chat.write')}
          aria-describedby={left <= countFrom ? countId : undefined}
          aria-invalid={left < 0 || undefined}
          placeholder={t('chat.write')}
          onChange={event => view.setState({ draft: event.currentTarget.value })}
          onKeyDown={keyDown}
          className="max-h-40 min-h-11 min-w-0 flex-1 resize-none bg-transparent py-2.5 outline-none placeholder:text-ink-soft/90"
        />
        <IconButton
          type="submit"
          label={t('chat.send')}
          icon={<SendHorizontal size={20} aria-hidden="true" />}
          disabled={!sendable}
          className="text-accent-text"
        />
      </div>
      {left <= countFrom && (
        <p id={countId} className={cx('mt-1.5 px-1 text-sm', left < 0 ? 'text-danger-text' : 'text-ink-soft')}>
          {left < 0 ? t('chat.tooLong', { count: -left }) : t('chat.left', { count: left })}
        </p>
      )}
    </form>
  )
}
