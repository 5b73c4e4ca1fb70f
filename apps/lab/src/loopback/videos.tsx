import { Button } from '@parley/ui'
import { Camera, RotateCw, Send } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import type { LoopbackOptions } from './options.ts'
import { firstFrame, renegotiate, useLoopback } from './store.ts'

/** Sent video beside received video, with the controls for a running call. */
export function Videos({ options }: { readonly options: LoopbackOptions }) {
  const { t } = useTranslation('labLoopback')
  const local = useLoopback(state => state.local)
  const remote = useLoopback(state => state.remote)
  const running = useLoopback(state => state.phase.phase === 'connected')
  const pictures = remote.filter(stream => stream.getVideoTracks().length > 0)
  const [photo, setPhoto] = useState<string>()
  const area = useRef<HTMLDivElement>(null)
  const sounds = remote.filter(stream => stream.getAudioTracks().length > 0).length

  return (
    <Card
      title={t('media')}
      actions={
        <>
          <Button
            disabled={!running || pictures.length === 0}
            icon={<Camera size={18} aria-hidden="true" />}
            onClick={() => setPhoto(takePhoto(area.current?.querySelector<HTMLVideoElement>('[data-remote] video')))}
          >
            {t('photo')}
          </Button>
          <Button
            disabled={!running}
            icon={<Send size={18} aria-hidden="true" />}
            onClick={() => void renegotiate({ ...options, iceRestart: false })}
          >
            {t('newOffer')}
          </Button>
          <Button
            disabled={!running}
            icon={<RotateCw size={18} aria-hidden="true" />}
            onClick={() => void renegotiate({ ...options, iceRestart: true })}
          >
            {t('restartIce')}
          </Button>
        </>
      }
    >
      <div ref={area} className="grid gap-3 sm:grid-cols-2">
        <Picture label={t('local')} stream={local} empty={t('localEmpty')} />
        {pictures.length === 0 ? (
          <Picture
            label={t('remote')}
            stream={undefined}
            empty={running ? t('remoteSoundOnly') : t('remoteEmpty')}
            remote
          />
        ) : (
          pictures.map((stream, i) => (
            <Picture
              key={stream.id}
              label={pictures.length > 1 ? t('remoteNumber', { number: i + 1 }) : t('remote')}
              stream={stream}
              empty={t('remoteEmpty')}
              remote
              {...(i === 0 && { onFrame: firstFrame })}
            />
          ))
        )}
        {photo && (
          <figure className="min-w-0">
            <img src={photo} alt={t('photoTaken')} className="aspect-video w-full rounded-lg bg-stage object-contain" />
            <figcaption className="mt-1 text-sm text-ink-soft">
              <a
                href={photo}
                download="parley-loopback.png"
                className="inline-flex min-h-11 items-center text-accent-text underline underline-offset-2"
              >
                {t('photoSave')}
              </a>
            </figcaption>
          </figure>
        )}
      </div>
      {running && sounds > 0 && <p className="mt-3 text-sm text-ink-soft">{t('soundMuted')}</p>}
    </Card>
  )
}

interface PictureProps {
  readonly label: string
  readonly stream: MediaStream | undefined
  readonly empty: string
  readonly remote?: boolean
  readonly onFrame?: () => void
}

function Picture({ label, stream, empty, remote = false, onFrame }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null)
  const shown = stream !== undefined && stream.getVideoTracks().length > 0
  const told = useRef(onFrame)
  told.current = onFrame
  useEffect(() => {
    const element = video.current
    if (!element || !shown) return
    element.srcObject = stream
    const handle = element.requestVideoFrameCallback?.(() => told.current?.())
    return () => {
      if (handle !== undefined) element.cancelVideoFrameCallback(handle)
      element.srcObject = null
    }
  }, [stream, shown])
  return (
    <figure className="min-w-0" {...(remote && { 'data-remote': '' })}>
      {shown ? (
        <video
          ref={video}
          autoPlay
          playsInline
          muted
          className="aspect-video w-full rounded-lg bg-stage object-contain"
        />
      ) : (
        <div className="flex aspect-video w-full items-center justify-center rounded-lg bg-sunken p-4 text-center text-sm text-ink-soft">
          {empty}
        </div>
      )}
      <figcaption className="mt-1 text-sm text-ink-soft">{label}</figcaption>
    </figure>
  )
}

function takePhoto(video: HTMLVideoElement | null | undefined): string | undefined {
  if (!video || video.videoWidth === 0) return undefined
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  return canvas.toDataURL('image/png')
}
