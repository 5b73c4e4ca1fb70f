import type { LocalTrack, Room } from '@parley/client'
import type { TrackSource } from '@parley/protocol'
import { describe, expect, it } from 'vitest'
import { ScreenShare } from './screen-share.ts'

class FakeTrack extends EventTarget {
  stopped = false
  stop() {
    this.stopped = true
  }
}

function setUp(options: { audio?: boolean; failing?: TrackSource } = {}) {
  const localTracks = new Map<TrackSource, LocalTrack>()
  const room = {
    localTracks,
    async publish(source: TrackSource) {
      if (options.failing === source) throw new Error('refused')
      localTracks.set(source, { unpublish: async () => void localTracks.delete(source) } as LocalTrack)
    },
  } as unknown as Room
  const video = new FakeTrack()
  const audio = options.audio ? new FakeTrack() : undefined
  let asked = 0
  const share = new ScreenShare(room, async () => {
    asked++
    return { video, audio } as unknown as { video: MediaStreamTrack; audio: MediaStreamTrack | undefined }
  })
  return { share, localTracks, video, audio, asked: () => asked }
}

describe('ScreenShare', () => {
  it('publishes the screen with its sound and takes both away again', async () => {
    const { share, localTracks, video, audio } = setUp({ audio: true })
    await share.start()
    expect([...localTracks.keys()]).toEqual(['screen', 'screen-audio'])
    await share.stop()
    expect(localTracks.size).toBe(0)
    expect([video.stopped, audio?.stopped]).toEqual([true, true])
  })

  it('notices the browser’s own “stop sharing”', async () => {
    const { share, localTracks, video } = setUp()
    await share.start()
    video.dispatchEvent(new Event('ended'))
    await Promise.resolve()
    expect(share.active).toBe(false)
    expect(localTracks.size).toBe(0)
  })

  it('asks once, however often it is pressed', async () => {
    const { share, asked } = setUp()
    await Promise.all([share.start(), share.start()])
    await share.start()
    expect(asked()).toBe(1)
  })

  it('lets the screen go when the room refuses it', async () => {
    const { share, video } = setUp({ failing: 'screen' })
    await expect(share.start()).rejects.toThrow('refused')
    expect(video.stopped).toBe(true)
    expect(share.active).toBe(false)
  })
})
