import { connect, createCamera, createMicrophone } from '../index.ts'
import type { Room } from '../types.ts'
import { until } from './until.ts'

/** Uncaught errors of the page. */
const errors: string[] = []
addEventListener('error', event => errors.push(event.message))
addEventListener('unhandledrejection', event => errors.push(String(event.reason)))

/** Plays what others send, as a page would, because audio that is not played is not decoded. */
function listen(room: Room): void {
  // By the object, because a track that comes again on another connection has the same id.
  const players = new Map<MediaStreamTrack, HTMLAudioElement>()
  room.on('changed', ({ participants }) => {
    for (const { tracks } of participants) {
      for (const { kind, mediaTrack } of tracks) {
        if (kind !== 'audio' || !mediaTrack || players.has(mediaTrack)) continue
        const player = new Audio()
        player.srcObject = new MediaStream([mediaTrack])
        players.set(mediaTrack, player)
        player.play().catch(reportError)
      }
    }
  })
}

/** Publishes the fake camera and microphone. */
async function publish(room: Room): Promise<void> {
  listen(room)
  const [camera, microphone] = await Promise.all([
    createCamera({ width: 320, height: 240, frameRate: 15 }),
    createMicrophone(),
  ])
  await Promise.all([room.publish('camera', camera), room.publish('microphone', microphone)])
}

/** The frames decoded, and the sound heard, of everybody else, over all tracks. */
async function received(room: Room): Promise<{ frames: number; energy: number }> {
  const tracks = (await room.stats()).flatMap(({ tracks }) => tracks.filter(({ direction }) => direction === 'in'))
  const sum = (name: 'framesDecoded' | 'totalAudioEnergy') => tracks.reduce((all, track) => all + (track[name] ?? 0), 0)
  return { frames: sum('framesDecoded'), energy: sum('totalAudioEnergy') }
}

/** Resolves when `more` frames have been decoded, and some sound was heard. */
async function sees(room: Room, more = 10): Promise<void> {
  const before = await received(room)
  await until(async () => {
    const now = await received(room)
    return now.frames >= before.frames + more && now.energy > 0
  }, `${more} more frames and sound`)
}

Object.assign(globalThis, { connect, publish, received, sees, listen, until, errors })
