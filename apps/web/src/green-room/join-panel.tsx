import { supportsE2ee } from '@parley/client'
import { Banner, Button, CopyLink } from '@parley/ui'
import { hasWebRtc, problemWords, useSession, useSettings } from '@parley/ui/page'
import { ShieldCheck } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../media/store.ts'
import { NameField } from '../name-field.tsx'
import { useRoomLink } from '../room-link.ts'
import type { JoinState } from './join-state.ts'
import { type Inside, useInside, WhoIsInside } from './who-is-inside.tsx'

export interface JoinPanelProps {
  readonly room: string
  readonly encrypted: boolean
  readonly state: JoinState
  readonly onJoin: () => void
}

/** The room, who is in it, the name to join under, and the join button. */
export function JoinPanel({ room, encrypted, state, onJoin }: JoinPanelProps) {
  const { t } = useTranslation('greenRoom')
  const name = useSettings(settings => settings.name)
  const status = useSession(({ connection }) => connection.status)
  const nothing = useMedia(({ microphone, camera }) => microphone.status === 'failed' && camera.status === 'failed')
  const [nameMissing, setNameMissing] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const [named] = useState(name !== '')
  const inside = useInside(room)
  const link = useRoomLink(room)

  useEffect(() => {
    if (!named) field.current?.focus()
  }, [named])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name) return onJoin()
    setNameMissing(true)
    field.current?.focus()
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-6">
      <div>
        <h1 className="text-3xl font-semibold tracking-tight">{t('title')}</h1>
        <div className="mt-1 flex items-center gap-1">
          <p className="min-w-0 truncate font-medium text-accent-text">{room}</p>
          <CopyLink link={link} iconOnly />
        </div>
        <WhoIsInside inside={inside} />
        {encrypted && <Encrypted />}
      </div>
      <NameField ref={field} missing={nameMissing} onNamed={() => setNameMissing(false)} />
      <Refusal state={state} inside={inside} />
      <Button
        type="submit"
        variant="primary"
        size="lg"
        block
        busy={state.status === 'joining' || status === 'connecting'}
        disabled={!hasWebRtc || (encrypted && !supportsE2ee()) || status === 'failed' || status === 'reconnecting'}
      >
        {labelOf()}
      </Button>
    </form>
  )

  function labelOf() {
    if (state.status === 'joining') return t('joining')
    if (status === 'connecting') return t('connecting')
    return nothing ? t('joinToWatch') : t('join')
  }
}

/** That the meeting will be encrypted end to end, or that this browser cannot do that. */
function Encrypted() {
  const { t } = useTranslation('greenRoom')
  const { t: common } = useTranslation()
  if (!supportsE2ee()) {
    return (
      <Banner tone="danger" role="alert" title={common('problem.e2ee-unsupported.title')} className="mt-3">
        {common('problem.e2ee-unsupported.hint')}
      </Banner>
    )
  }
  return (
    <p className="mt-3 flex gap-2 text-[0.9375rem]">
      <ShieldCheck size={20} aria-hidden="true" className="mt-0.5 shrink-0 text-accent-text" />
      <span>
        <span className="block font-medium">{t('encrypted')}</span>
        <span className="block text-ink-soft">{t('encryptedHint')}</span>
      </span>
    </p>
  )
}

function Refusal({ state, inside }: { readonly state: JoinState; readonly inside: Inside | undefined }) {
  const { t } = useTranslation('greenRoom')
  const { t: common } = useTranslation()
  if (inside?.is === 'refused') {
    const problem = problemWords(inside.code)
    return (
      <Banner tone="danger" role="alert" title={common(`problem.${problem}.title`)}>
        {common(`problem.${problem}.hint`)}
      </Banner>
    )
  }
  const free = inside && inside.names.length < inside.capacity
  // Warn that the room is full before anybody presses the button, if that is known.
  const full = state.status === 'idle' ? free === false : state.status === 'refused' && state.code === 'room-full'
  if (state.status !== 'refused' && !full) return null
  if (!full) {
    const problem = state.status === 'refused' ? problemWords(state.code) : 'unknown'
    return (
      <Banner
        tone="danger"
        role="alert"
        title={problem === 'unknown' ? t('joinFailed') : common(`problem.${problem}.title`)}
      >
        {problem === 'unknown' ? t('joinFailedHint') : common(`problem.${problem}.hint`)}
      </Banner>
    )
  }
  return (
    <Banner tone={free ? 'info' : 'warn'} role="alert" title={free ? t('seatFree') : t('full')}>
      {free ? t('seatFreeHint') : t('fullHint', { count: inside?.capacity ?? 0 })}
    </Banner>
  )
}
