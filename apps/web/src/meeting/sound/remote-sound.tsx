import { Button } from '@parley/ui'
import { setSpeaker } from '@parley/ui/page'
import { Volume2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../../media/store.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'

/** Plays the sound of everybody, whether their picture is on the stage or not. */
export function RemoteSound() {
  const { participants } = useRoomState()
  return participants.flatMap(person =>
    person.tracks.map(({ id, kind, mediaTrack }) =>
      kind === 'audio' && mediaTrack ? (
        <Sound key={`${person.id}:${id}:${mediaTrack.id}`} participantId={person.id} track={mediaTrack} />
      ) : null,
    ),
  )
}

function Sound({ participantId, track }: { readonly participantId: string; readonly track: MediaStreamTrack }) {
  const { view } = useMeeting()
  const element = useRef<HTMLAudioElement>(null)
  const volume = useView(state => state.volumes.get(participantId) ?? 1)
  const blocked = useView(state => state.soundBlocked)
  const speaker = useMedia(media => media.speaker)

  useEffect(() => {
    const audio = element.current
    if (!audio) return
    audio.srcObject = new MediaStream([track])
    return () => {
      audio.srcObject = null
    }
  }, [track])

  useEffect(() => {
    if (element.current) element.current.volume = volume
  }, [volume])

  useEffect(() => {
    if (element.current) void setSpeaker(element.current, speaker)
  }, [speaker])

  useEffect(() => {
    if (blocked) return
    element.current?.play().catch((error: unknown) => {
      if (!(error instanceof DOMException)) throw error
      if (error.name === 'NotAllowedError') view.setState({ soundBlocked: true })
      // Anything else (AbortError) means that the element was removed while it was starting.
    })
  }, [blocked, view])

  // biome-ignore lint/a11y/useMediaCaption: the live voice of a person has no captions
  return <audio ref={element} data-participant={participantId} />
}

/** Browsers may refuse to play sound before the first interaction with a page; one press on this starts all of it. */
export function StartSound() {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const blocked = useView(state => state.soundBlocked)
  if (!blocked) return null
  return (
    <Button
      variant="primary"
      size="lg"
      className="shadow-pop"
      icon={<Volume2 size={20} aria-hidden="true" />}
      onClick={() => view.setState({ soundBlocked: false })}
    >
      {t('startSound')}
    </Button>
  )
}
