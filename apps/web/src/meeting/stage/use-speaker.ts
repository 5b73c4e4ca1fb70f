import { useEffect } from 'react'
import { useMeeting } from '../context.ts'
import { cameraKey } from './tiles.ts'

/** Keeps `view.speaker` set to the current speaker, never to ourselves. */
export function useSpeaker(): void {
  const { room, view } = useMeeting()
  useEffect(() => {
    const tell = () => {
      const { self, speakers } = room.state
      const id = speakers.recent.find(other => other !== self.id)
      const speaker = id === undefined ? undefined : cameraKey(id)
      if (view.getState().speaker !== speaker) view.setState({ speaker })
    }
    tell()
    return room.on('speakers', tell)
  }, [room, view])
}
