import { IconButton, Popover } from '@parley/ui'
import { SmilePlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { addReaction, emojis } from '../tools/reactions.tsx'

export function ReactionsMenu() {
  const { t } = useTranslation('meeting')
  const [open, setOpen] = useState(false)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      side="top"
      trigger={<IconButton label={t('react')} variant="control" icon={<SmilePlus size={20} aria-hidden="true" />} />}
    >
      <EmojiRow onPicked={() => setOpen(false)} />
    </Popover>
  )
}

/** One press sends a reaction to everybody. */
export function EmojiRow({ onPicked }: { readonly onPicked: () => void }) {
  const { t } = useTranslation('meeting')
  const { room, view } = useMeeting()
  const send = (emoji: string) => {
    addReaction(view, emoji, t('you'))
    room.sendReaction(emoji).catch((error: unknown) => console.warn('The reaction was not sent:', error))
    onPicked()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
    <div role="group" aria-label={t('react')} className="flex justify-center gap-1">
      {emojis.map(emoji => (
        <button
          key={emoji}
          type="button"
          aria-label={t('react.with', { emoji })}
          onClick={() => send(emoji)}
          className="flex size-11 items-center justify-center rounded-lg text-2xl transition-transform hover:scale-115 hover:bg-hover"
        >
          {emoji}
        </button>
      ))}
    </div>
  )
}
