import { Button, Dialog, QrCode } from '@parley/ui'
import { announce, copyText } from '@parley/ui/page'
import { Check, Copy, Share2 } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoomLink } from '../../room-link.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'

/** The link to this room: to copy, to pass on with the system's share sheet, or to scan. */
export function Invite() {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { name } = useRoomState()
  const id = useId()
  const [copied, setCopied] = useState(false)
  const link = useRoomLink(name)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2500)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async () => {
    if (!(await copyText(link))) return
    setCopied(true)
    announce(common('linkCopied'))
  }
  const share = async () => {
    await navigator.share({ title: t('inviteTitle', { room: name }), url: link }).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
    })
  }

  return (
    <div className="flex items-center gap-4 sm:gap-6">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
          {t('inviteLink')}
        </label>
        <textarea
          id={id}
          readOnly
          rows={1}
          value={link}
          spellCheck={false}
          onFocus={event => event.currentTarget.select()}
          className="field-sizing-content block w-full resize-none rounded-lg border border-line bg-sunken px-3 py-2.5 text-[0.9375rem] break-all"
        />
        <div className="mt-3 flex flex-wrap gap-2">
          <Button
            variant="primary"
            icon={copied ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
            onClick={() => void copy()}
          >
            {common(copied ? 'linkCopied' : 'copyLink')}
          </Button>
          {'share' in navigator && (
            <Button icon={<Share2 size={18} aria-hidden="true" />} onClick={() => void share()}>
              {common('share')}
            </Button>
          )}
        </div>
      </div>
      <QrCode value={link} label={t('inviteQr')} className="size-28 shrink-0 sm:size-36" />
    </div>
  )
}

export function InviteDialog() {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { view } = useMeeting()
  const open = useView(state => state.dialog === 'invite')
  return (
    <Dialog
      open={open}
      onClose={() => view.setState({ dialog: undefined })}
      title={t('invite')}
      description={t('aloneHint')}
      size="lg"
      closeLabel={common('close')}
    >
      <Invite />
    </Dialog>
  )
}
