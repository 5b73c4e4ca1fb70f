import type { CallHandle } from '@parley/client'
import type { CallMedia } from '@parley/protocol'
import { Button, Dialog, TextField } from '@parley/ui'
import { announce } from '@parley/ui/page'
import { ArrowLeft, MessageSquareText, Phone, PhoneOff, Send, Video } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { loadMeeting } from '../load-meeting.ts'
import { CallFace } from './call-face.tsx'
import { otherOf } from './call-phase.ts'
import { acceptCall, declineCall, hangUp } from './call-store.ts'
import { useIncomingRing } from './use-ring.ts'

/** Keys pressed this soon after the dialog appeared were meant for something else, ms. */
const graceMs = 700

export interface IncomingDialogProps {
  readonly handle: CallHandle
  /** Answered here, but not connected yet. */
  readonly connecting: boolean
}

/** An incoming call: who is calling, voice or video, and the possible answers. Enter accepts, Esc declines. */
export function IncomingDialog({ handle, connecting }: IncomingDialogProps) {
  const { t } = useTranslation('calls')
  const [writing, setWriting] = useState(false)
  const [answer, setAnswer] = useState<CallMedia>()
  const [shownAt] = useState(() => performance.now())
  const accept = useRef<HTMLButtonElement>(null)
  const { name, identity } = otherOf(handle)
  const video = handle.call.media === 'video'
  useEffect(() => void loadMeeting(), [])
  useEffect(() => announce(t('isCalling', { name })), [t, name])

  const tooSoon = () => performance.now() - shownAt < graceMs
  const keepStrayKeys = (event: KeyboardEvent) => {
    if (tooSoon()) event.preventDefault()
  }
  const acceptWith = (media: CallMedia) => {
    setAnswer(media)
    void acceptCall(handle, media)
  }
  const escapePressed = () => {
    if (connecting) void hangUp(handle)
    else if (writing) setWriting(false)
    else if (!tooSoon()) void declineCall(handle)
  }

  return (
    <Dialog open onClose={escapePressed} size="sm" initialFocus={accept} title={t('isCalling', { name })} hideTitle>
      {!connecting && <Ring name={name} video={video} />}
      {writing ? (
        <DeclineMessage name={name} onBack={() => setWriting(false)} onSend={text => void declineCall(handle, text)} />
      ) : (
        <div onKeyDownCapture={keepStrayKeys} className="flex flex-col items-center pt-10">
          <CallFace name={name} identity={identity} ringing={answer === undefined} />
          <p className="mt-5 text-center text-2xl font-semibold tracking-tight">{name}</p>
          <p className="mt-1 flex items-center gap-2 text-ink-soft">
            {video ? <Video size={18} aria-hidden="true" /> : <Phone size={18} aria-hidden="true" />}
            {t(connecting ? 'connecting' : video ? 'videoCall' : 'audioCall')}
          </p>
          <div className="mt-7 grid w-full grid-cols-2 gap-2.5">
            <Button
              variant="danger"
              size="lg"
              icon={<PhoneOff size={20} aria-hidden="true" />}
              onClick={() => void (connecting ? hangUp(handle) : declineCall(handle))}
            >
              {t(connecting ? 'hangUp' : 'decline')}
            </Button>
            <Button
              ref={accept}
              variant="primary"
              size="lg"
              icon={video ? <Video size={20} aria-hidden="true" /> : <Phone size={20} aria-hidden="true" />}
              busy={answer === handle.call.media}
              disabled={answer !== undefined}
              onClick={() => acceptWith(handle.call.media)}
            >
              {t('accept')}
            </Button>
          </div>
          {video && (
            <Button
              block
              icon={<Phone size={18} aria-hidden="true" />}
              disabled={answer !== undefined}
              onClick={() => acceptWith('audio')}
              className="mt-2.5"
            >
              {t('acceptAudio')}
            </Button>
          )}
          <Button
            block
            variant="ghost"
            icon={<MessageSquareText size={18} aria-hidden="true" />}
            disabled={answer !== undefined}
            onClick={() => setWriting(true)}
            className="mt-2.5 text-ink-soft"
          >
            {t('declineMessage')}
          </Button>
        </div>
      )}
    </Dialog>
  )
}

function Ring({ name, video }: { readonly name: string; readonly video: boolean }) {
  useIncomingRing(name, video)
  return null
}

interface DeclineMessageProps {
  readonly name: string
  readonly onBack: () => void
  readonly onSend: (text: string) => void
}

const presets = ['later', 'meeting', 'text'] as const

function DeclineMessage({ name, onBack, onSend }: DeclineMessageProps) {
  const { t } = useTranslation('calls')
  const { t: common } = useTranslation()
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim()) onSend(text.trim())
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2.5">
      <p className="mb-1 text-lg font-semibold">{t('messageTo', { name })}</p>
      {presets.map(preset => (
        <Button key={preset} onClick={() => onSend(t(`preset.${preset}`))} className="justify-start text-left">
          {t(`preset.${preset}`)}
        </Button>
      ))}
      <TextField
        ref={field}
        label={t('ownMessage')}
        hideLabel
        placeholder={t('ownMessage')}
        value={text}
        onChange={setText}
        maxLength={200}
        enterKeyHint="send"
      />
      <div className="mt-2 flex justify-between gap-2.5">
        <Button variant="ghost" icon={<ArrowLeft size={18} aria-hidden="true" />} onClick={onBack} className="-ml-4">
          {common('back')}
        </Button>
        <Button
          type="submit"
          variant="danger"
          icon={<Send size={18} aria-hidden="true" />}
          disabled={text.trim() === ''}
        >
          {t('declineAndSend')}
        </Button>
      </div>
    </form>
  )
}
