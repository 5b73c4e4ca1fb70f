import { mediaDevices } from '@parley/ui/page'
import { describeError, runWithin } from '../report/run.ts'
import type { LoopbackOptions } from './options.ts'
import { type StandIn, standInAudio, standInVideo } from './stand-in.ts'

/** What the call sends. `replaced` says why the page's own picture or sound stands in for a device. */
export interface Source {
  readonly audio: readonly MediaStreamTrack[]
  readonly video: readonly MediaStreamTrack[]
  readonly replaced: { readonly audio?: string; readonly video?: string }
  close(): void
}

type Kind = 'audio' | 'video'
const makers: Record<Kind, () => StandIn> = { audio: standInAudio, video: standInVideo }

/** The first track of each kind comes from a device where there is one, further ones from the page. */
export async function openSource(
  { source, audioTracks, videoTracks }: Pick<LoopbackOptions, 'source' | 'audioTracks' | 'videoTracks'>,
  say: (kind: 'call' | 'done' | 'error', text: string) => void,
): Promise<Source> {
  const counts = { audio: audioTracks, video: videoTracks }
  const tracks: Record<Kind, MediaStreamTrack[]> = { audio: [], video: [] }
  const replaced: { audio?: string; video?: string } = {}
  const standIns: StandIn[] = []

  for (const kind of ['audio', 'video'] as const) {
    if (counts[kind] === 0) continue
    if (source === 'stand-in') {
      replaced[kind] = 'chosen'
      continue
    }
    say('call', `getUserMedia({ ${kind}: true })`)
    try {
      const stream = await askDevice(kind)
      tracks[kind].push(...stream.getTracks())
      say('done', `${kind}: ${stream.getTracks()[0]?.label ?? ''}`)
    } catch (error) {
      replaced[kind] = error instanceof DOMException ? describeError(error) : String((error as Error).message)
      say('error', replaced[kind])
    }
  }
  for (const kind of ['audio', 'video'] as const) {
    while (tracks[kind].length < counts[kind]) {
      const standIn = makers[kind]()
      standIns.push(standIn)
      tracks[kind].push(...standIn.stream.getTracks())
    }
  }
  return {
    ...tracks,
    replaced,
    close: () => {
      for (const standIn of standIns) standIn.close()
      for (const track of [...tracks.audio, ...tracks.video]) track.stop()
    },
  }
}

/** A person may leave the browser's question open; the call does not wait for ever. */
const askLimitMs = 60_000

async function askDevice(kind: Kind): Promise<MediaStream> {
  const devices = mediaDevices()
  if (!devices && !isSecureContext) throw new DOMException('This page is not secure (no HTTPS).', 'SecurityError')
  if (!devices) throw new DOMException('This browser gives pages no devices.', 'NotSupportedError')
  const asked = devices.getUserMedia({ [kind]: true })
  const outcome = await runWithin(() => asked, { timeLimitMs: askLimitMs })
  if (outcome.status === 'done') return outcome.value
  if (outcome.status === 'failed') throw new Error(outcome.error)
  void asked.then(
    late => {
      for (const track of late.getTracks()) track.stop()
    },
    () => undefined, // Refused after all: nothing to give back.
  )
  throw new DOMException('The question about the device was not answered.', 'TimeoutError')
}
