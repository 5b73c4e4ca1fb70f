import { useEffect } from 'react'
import { useMeeting } from '../context.ts'
import { SpeakerChoice } from './speaker.ts'
import { cameraKey } from './tiles.ts'

/** Keeps `view.speaker` set to the current speaker, never to ourselves. */
export function useSpeaker(): void {
  const { room, view } = useMeeting()
  useEffect(() => {
    const choice = new SpeakerChoice()
    const tell = (id: string | undefined) => {
      const speaker = id === undefined ? undefined : cameraKey(id)
      if (view.getState().speaker !== speaker) view.setState({ speaker })
    }
    const stopLevels = room.on('levels', levels => {
      const others = new Map(levels)
      others.delete(room.state.self.id)
      tell(choice.receive(others, performance.now()))
    })
    const stopLeft = room.on('left', ({ participant }) => {
      choice.forget(participant.id)
      tell(choice.current)
    })
    return () => {
      stopLevels()
      stopLeft()
    }
  }, [room, view])
}
