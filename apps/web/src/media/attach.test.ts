import type { LocalTrack, Room } from '@parley/client'
import type { TrackSource } from '@parley/protocol'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { attachRoom, nextStep } from './attach.ts'
import type { InputState } from './state.ts'
import { useMedia } from './store.ts'
import { fakeTrack } from './testing.ts'

const on = (track: MediaStreamTrack): InputState => ({ status: 'on', track, deviceId: 'd', label: 'D' })
const muted = (track: MediaStreamTrack): InputState => ({ status: 'muted', track, deviceId: 'd', label: 'D' })
const off: InputState = { status: 'off' }

describe('nextStep', () => {
  const track = fakeTrack('a')
  it.each([
    ['nothing is on', off, undefined, 'nothing'],
    ['muted from the start', muted(track), undefined, 'nothing'],
    ['first on', on(track), undefined, 'publish'],
    ['in step', on(track), { muted: false, mediaTrack: track }, 'nothing'],
    ['muted', muted(track), { muted: false, mediaTrack: track }, 'mute'],
    ['muted already', muted(track), { muted: true, mediaTrack: track }, 'nothing'],
    [
      'failed',
      { status: 'failed', code: 'media-busy', deviceLabel: undefined },
      { muted: false, mediaTrack: track },
      'mute',
    ],
    ['on again', on(track), { muted: true, mediaTrack: track }, 'unmute'],
    ['another device', on(fakeTrack('b')), { muted: false, mediaTrack: track }, 'replace'],
  ] as const)('%s', (_, state, published, step) => {
    expect(nextStep(state, published)).toBe(step)
  })
})

/** Writes down what is asked of it; answers when told to. */
class FakeRoom {
  readonly log: string[] = []
  readonly localTracks = new Map<TrackSource, LocalTrack>()
  state = { status: { status: 'connected' } }
  failing = false
  #answers: (() => void)[] = []

  #ended: (() => void)[] = []

  readonly on = (event: string, listener: () => void) => {
    if (event === 'ended') this.#ended.push(listener)
    return () => {
      this.#ended = this.#ended.filter(other => other !== listener)
    }
  }

  end(): void {
    this.state = { status: { status: 'ended' } }
    for (const listener of this.#ended) listener()
  }

  async publish(source: TrackSource, mediaTrack: MediaStreamTrack): Promise<LocalTrack> {
    await this.#answer(`publish ${source} ${mediaTrack.label}`)
    const local = this.#local(source, mediaTrack)
    this.localTracks.set(source, local)
    return local
  }

  /** Lets everything that waits, and what follows from it, be done. */
  async settle(): Promise<void> {
    for (let round = 0; round < 10; round++) {
      for (const answer of this.#answers.splice(0)) answer()
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  #answer(what: string): Promise<void> {
    this.log.push(what)
    if (this.failing) return Promise.reject(new Error('gone'))
    return new Promise(resolve => this.#answers.push(resolve))
  }

  #local(source: TrackSource, first: MediaStreamTrack): LocalTrack {
    const state = { muted: false, mediaTrack: first }
    const put = (muted: boolean, mediaTrack = state.mediaTrack) => Object.assign(state, { muted, mediaTrack })
    return {
      id: source,
      source,
      get muted() {
        return state.muted
      },
      get mediaTrack() {
        return state.mediaTrack
      },
      mute: () => this.#answer(`mute ${source}`).then(() => void put(true)),
      unmute: track => this.#answer(`unmute ${source} ${track?.label}`).then(() => void put(false, track)),
      replace: track => this.#answer(`replace ${source} ${track.label}`).then(() => void put(false, track)),
      unpublish: () => this.#answer(`unpublish ${source}`),
    }
  }
}

describe('attachRoom', () => {
  let room: FakeRoom
  beforeEach(() => {
    room = new FakeRoom()
    useMedia.setState({ microphone: off, camera: off })
  })
  const attach = () => attachRoom(room as unknown as Room)

  it('publishes what is on, and follows mutes and new devices', async () => {
    const a = fakeTrack('a')
    const b = fakeTrack('b')
    useMedia.setState({ camera: on(a) })
    attach()
    await room.settle()
    useMedia.setState({ camera: off })
    await room.settle()
    useMedia.setState({ camera: on(b) })
    await room.settle()
    useMedia.setState({ camera: on(a) })
    await room.settle()
    room.end()
    expect(room.log).toEqual([
      'publish camera Device a',
      'mute camera',
      'unmute camera Device b',
      'replace camera Device a',
    ])
  })

  it('takes one step at a time and ends where the device is', async () => {
    const a = fakeTrack('a')
    useMedia.setState({ microphone: on(a) })
    attach()
    for (let round = 0; round < 5; round++) {
      useMedia.setState({ microphone: muted(a) })
      useMedia.setState({ microphone: on(a) })
    }
    useMedia.setState({ microphone: muted(a) })
    await room.settle()
    room.end()
    expect(room.log).toEqual(['publish microphone Device a', 'mute microphone'])
  })

  it('does nothing any more once the room has ended', async () => {
    attach()
    room.end()
    useMedia.setState({ camera: on(fakeTrack('a')) })
    await room.settle()
    expect(room.log).toEqual([])
  })

  it('survives a room that refuses, and tries again with the next change', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    room.failing = true
    useMedia.setState({ camera: on(fakeTrack('a')) })
    attach()
    await room.settle()
    room.failing = false
    useMedia.setState({ camera: on(fakeTrack('b')) })
    await room.settle()
    room.end()
    expect(room.log).toEqual(['publish camera Device a', 'publish camera Device b'])
    expect(warned).toHaveBeenCalledOnce()
    warned.mockRestore()
  })
})
