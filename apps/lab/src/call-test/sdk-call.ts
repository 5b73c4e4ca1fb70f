import { type ClientErrorCode, connect, type Room, type Session } from '@parley/client'
import { codeOf } from '@parley/ui/page'
import { standInAudio, standInVideo } from '../loopback/stand-in.ts'
import { pause } from '../report/run.ts'
import { sampleOf } from './measure.ts'
import { type CallPort, NotOffered, type OpenCall } from './port.ts'
import type { CallKind } from './result.ts'

const lookEveryMs = 150
/** Error codes that mean “not offered” rather than “broken”. */
const refusals: ReadonlySet<unknown> = new Set<ClientErrorCode>(['not-allowed', 'no-sfu'])

/** Makes calls the way any app would: two SDK sessions in a private room with a random name. */
export function sdkCalls(token: string): CallPort {
  return {
    async open(kind, signal) {
      const closing: (() => void)[] = []
      const close = () => {
        for (const end of closing.splice(0).reverse()) end()
      }
      try {
        return await openCall({ kind, token, signal, closing, close })
      } catch (error) {
        close()
        if (error instanceof Error && refusals.has(codeOf(error))) throw new NotOffered(error.message)
        throw error
      }
    },
  }
}

interface Opening {
  readonly kind: CallKind
  readonly token: string
  readonly signal: AbortSignal
  /** Clean-up functions for everything opened so far. */
  readonly closing: (() => void)[]
  readonly close: () => void
}

async function openCall({ kind, token, signal, closing, close }: Opening): Promise<OpenCall> {
  const began = performance.now()
  const room = `lab-${crypto.getRandomValues(new Uint32Array(3)).join('-')}`
  const enter = async (): Promise<Room> => {
    const iceTransportPolicy = kind === 'relayed' ? 'relay' : 'all'
    const session: Session = await connect(location.origin, { token, name: 'Lab', iceTransportPolicy })
    closing.push(() => session.close())
    signal.throwIfAborted()
    return session.join(room, { capacity: 2, topology: kind === 'sfu' ? 'sfu' : 'mesh' })
  }
  // One after the other, because the first to enter creates the room.
  const sender = await enter()
  const receiver = await enter()
  if (kind === 'sfu' && receiver.state.topology.now !== 'sfu') throw new NotOffered('The room is a mesh.')

  const picture = standInVideo()
  const sound = standInAudio()
  closing.push(picture.close, sound.close)
  const [video] = picture.stream.getVideoTracks()
  const [audio] = sound.stream.getAudioTracks()
  if (!video || !audio) throw new Error('The browser made no test picture or no test sound.')
  await sender.publish('camera', video)
  await sender.publish('microphone', audio)
  for (;;) {
    signal.throwIfAborted()
    if (await hasArrived(receiver)) break
    await pause(lookEveryMs, signal)
  }
  const setUpMs = performance.now() - began
  return { setUpMs, sample: async () => sampleOf(await receiver.stats()), close }
}

/** Whether a video frame has been decoded. @throws {Error} once the SDK has given up on connecting. */
async function hasArrived(receiver: Room): Promise<boolean> {
  const failed = receiver.state.participants.find(({ connection }) => connection.status === 'failed')
  if (failed?.connection.status === 'failed') throw new Error(failed.connection.reason)
  const stats = await receiver.stats()
  return stats.some(({ tracks }) => tracks.some(track => track.direction === 'in' && (track.framesDecoded ?? 0) > 0))
}
