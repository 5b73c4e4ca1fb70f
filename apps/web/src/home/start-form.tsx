import { createE2eeSecret } from '@parley/client'
import { Button, Kbd, TextField, useShortcuts } from '@parley/ui'
import { acceptInvitation, splitToken, useServerInfo } from '@parley/ui/page'
import { ArrowRight, Keyboard, Plus, ShieldCheck } from 'lucide-react'
import { type FormEvent, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { roomPath, secretIn } from '../room-link.ts'
import { Advanced } from './advanced.tsx'
import { parseCode } from './room-code.ts'
import { makeRoomName } from './room-name.ts'

/** Starts a new meeting, or takes a code or link to an existing one. */
export function StartForm() {
  const { t } = useTranslation('home')
  const [, navigate] = useLocation()
  const [code, setCode] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const joinHint = useId()
  const urls = useServerInfo(({ info }) => info?.urls)
  const destination = useMemo(() => parseCode(code, [location.origin, ...(urls ?? [])]), [code, urls])

  useShortcuts([{ key: '/', down: () => field.current?.focus() }])

  const join = (event: FormEvent) => {
    event.preventDefault()
    const fragment = /#\S*/.exec(code)?.[0] ?? ''
    const { token } = splitToken(fragment)
    if (destination?.kind === 'room' && token) acceptInvitation(token)
    if (destination?.kind === 'room') navigate(roomPath(destination.room, secretIn(fragment)))
    else if (destination) location.assign(destination.url)
  }
  const wrong = code.trim() !== '' && !destination

  return (
    <div className="mt-9 flex flex-col gap-4 sm:max-w-md">
      <Button
        variant="primary"
        size="lg"
        icon={<Plus size={20} aria-hidden="true" />}
        onClick={() => navigate(roomPath(makeRoomName()))}
      >
        {t('newMeeting')}
      </Button>
      <Button
        size="lg"
        icon={<ShieldCheck size={20} aria-hidden="true" />}
        onClick={() => navigate(roomPath(makeRoomName(), createE2eeSecret()))}
      >
        {t('newEncrypted')}
      </Button>
      <div className="flex items-center gap-3 text-sm text-ink-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t('or')}
      </div>
      <form onSubmit={join} className="flex items-start gap-2.5">
        <TextField
          ref={field}
          label={t('code')}
          hideLabel
          value={code}
          onChange={setCode}
          placeholder={t('code')}
          icon={<Keyboard size={20} aria-hidden="true" />}
          autoCapitalize="none"
          autoCorrect="off"
          enterKeyHint="go"
          aria-keyshortcuts="/"
          hint={hintOf()}
          className="min-w-0 flex-1"
          trailing={
            <span aria-hidden="true" className="text-ink-soft max-sm:hidden">
              {code === '' && <Kbd>/</Kbd>}
            </span>
          }
        />
        <Button
          type="submit"
          size="lg"
          variant={destination ? 'primary' : 'secondary'}
          disabled={!destination}
          aria-describedby={joinHint}
        >
          {destination?.kind === 'elsewhere' ? t('open') : t('join')}
          <ArrowRight size={18} aria-hidden="true" />
        </Button>
        <span id={joinHint} className="sr-only">
          {t('joinHint')}
        </span>
      </form>
      <Advanced />
    </div>
  )

  function hintOf() {
    if (destination?.kind === 'elsewhere') return t('elsewhere', { host: destination.host })
    return wrong ? t('codeWrong') : undefined
  }
}
