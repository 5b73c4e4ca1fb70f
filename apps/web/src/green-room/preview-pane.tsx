import { Avatar, Spinner } from '@parley/ui'
import { sessionOf, useSession, useSettings } from '@parley/ui/page'
import { CircleAlert, VideoOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EffectsButton } from '../effects/effects-button.tsx'
import { InputToggles } from '../media/input-toggles.tsx'
import { Preview } from '../media/preview.tsx'
import { useMedia } from '../media/store.ts'

/** The person's own camera preview, with the microphone and camera toggles. */
export function PreviewPane() {
  const { t } = useTranslation('greenRoom')
  const shortcuts = useSettings(settings => settings.shortcuts)
  return (
    <section
      aria-label={t('preview')}
      data-theme="dark"
      className="relative aspect-4/3 overflow-hidden rounded-2xl bg-stage text-ink shadow-card ring-1 ring-line/70 sm:aspect-video"
    >
      <Picture />
      <div className="absolute inset-x-0 bottom-0 flex justify-center gap-3 bg-linear-to-t from-black/60 to-transparent pt-14 pb-4 sm:pb-5">
        <InputToggles shortcuts={shortcuts} />
        <EffectsButton />
      </div>
    </section>
  )
}

function Picture() {
  const { t } = useTranslation('greenRoom')
  const status = useMedia(media => media.camera.status)
  const permission = useMedia(media => media.permissions.camera)
  if (status === 'on') return <Preview className="size-full animate-fade-in object-cover" />
  if (status === 'asking') {
    return (
      <Placeholder icon={<Spinner size={28} />} text={permission === 'prompt' ? t('waiting') : t('cameraStarting')} />
    )
  }
  if (status === 'failed') {
    return <Placeholder icon={<CircleAlert size={28} aria-hidden="true" />} text={t('cameraFailed')} />
  }
  return <CameraOff />
}

function CameraOff() {
  const { t } = useTranslation('greenRoom')
  const name = useSettings(settings => settings.name)
  const identity = useSession(state => sessionOf(state.connection)?.identity)
  const icon = name ? (
    <Avatar name={name} identity={identity ?? name} size="xl" />
  ) : (
    <VideoOff size={28} aria-hidden="true" />
  )
  return <Placeholder icon={icon} text={t('cameraOff')} />
}

function Placeholder({ icon, text }: { readonly icon: React.ReactNode; readonly text: string }) {
  return (
    <div className="flex size-full flex-col items-center justify-center gap-4 px-6 pb-10 text-center text-ink-soft">
      {icon}
      <p>{text}</p>
    </div>
  )
}
