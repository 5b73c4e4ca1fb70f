import type { CallHandle } from '@parley/client'
import { Button, buttonClass, Header } from '@parley/ui'
import { announce } from '@parley/ui/page'
import { House, Phone, Video } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { CallFace } from './call-face.tsx'
import { type CallPhase, duration, otherOf } from './call-phase.ts'
import { placeCall } from './call-store.ts'

export interface CallOverProps {
  readonly handle: CallHandle
  readonly phase: CallPhase & { readonly phase: 'over' }
}

/** How the call ended, and the way to call again. */
export function CallOver({ handle, phase }: CallOverProps) {
  const { t } = useTranslation('calls')
  const { t: common } = useTranslation()
  const [calling, setCalling] = useState(false)
  const other = otherOf(handle)
  const title = t(`over.${phase.outcome}`, { name: other.name })
  const video = handle.call.media === 'video'
  useEffect(() => announce(title), [title])

  const again = async () => {
    setCalling(true)
    await placeCall(other, handle.call.media)
    setCalling(false)
  }

  return (
    <div className="flex min-h-dvh flex-col">
      <Header />
      <main className="flex flex-1 animate-rise flex-col items-center justify-center px-5 pb-24 text-center">
        <CallFace name={other.name} identity={other.identity} />
        <h1 className="mt-7 max-w-xl text-2xl font-semibold tracking-tight sm:text-3xl">{title}</h1>
        {phase.durationMs !== undefined && (
          <p className="mt-2 text-ink-soft tabular-nums">{t('lasted', { time: duration(phase.durationMs) })}</p>
        )}
        {phase.message && (
          <blockquote className="mt-5 max-w-md rounded-2xl rounded-tl-sm border border-line bg-surface px-5 py-3 text-left text-pretty break-words">
            {phase.message}
          </blockquote>
        )}
        <div className="mt-9 flex w-full max-w-xs flex-col gap-3 sm:w-auto sm:max-w-none sm:flex-row">
          <Link href="/" className={buttonClass({ size: 'lg' })}>
            <House size={18} aria-hidden="true" />
            {common('backHome')}
          </Link>
          <Button
            variant="primary"
            size="lg"
            busy={calling}
            icon={video ? <Video size={20} aria-hidden="true" /> : <Phone size={20} aria-hidden="true" />}
            onClick={again}
          >
            {t('callAgain')}
          </Button>
        </div>
      </main>
    </div>
  )
}
