import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { channelName, type Message, readMessage } from './channel.ts'
import { publishCall } from './publish.ts'

class FakeConnection {
  signalingState = 'stable'
  connectionState = 'connected'
  iceConnectionState = 'connected'
  localDescription = { sdp: 'v=0' }
  remoteDescription = null
  measured = 0
  async getStats() {
    this.measured++
    return new Map([['a', { id: 'a', type: 'outbound-rtp', timestamp: this.measured }]])
  }
}

const watched = (fake: FakeConnection) => ({ id: '1', label: 'Bob', connection: fake as unknown as RTCPeerConnection })

let lab: BroadcastChannel
let said: Message[]
let heard: () => void
beforeEach(() => {
  said = []
  heard = () => {}
  lab = new BroadcastChannel(channelName)
  lab.onmessage = ({ data }) => {
    const message = readMessage(data)
    if (message) said.push(message)
    heard()
  }
})
afterEach(() => lab.close())

/** Resolves with the first message of that type that has come or comes. */
async function message<T extends Message['type']>(type: T): Promise<Extract<Message, { type: T }>> {
  for (;;) {
    const found = said.find((each): each is Extract<Message, { type: T }> => each.type === type)
    if (found) return found
    await new Promise<void>(resolve => {
      heard = resolve
    })
  }
}

describe('a published call', () => {
  it('says that it is there, measures only when watched, and says goodbye', async () => {
    const fake = new FakeConnection()
    const happened = [{ at: 5, kind: 'joined' }] as const
    const stop = publishCall(
      { kind: 'meeting', title: 'room' },
      () => [watched(fake)],
      () => happened,
    )
    const { call } = await message('here')
    expect(fake.measured).toBe(0)
    lab.postMessage({ type: 'watch', call: 'another' })
    said = []
    lab.postMessage({ type: 'who' })
    expect(await message('here')).toEqual({ type: 'here', call, kind: 'meeting', title: 'room' })
    expect(fake.measured).toBe(0)
    lab.postMessage({ type: 'watch', call })
    const { sample } = await message('sample')
    expect(sample.connections).toMatchObject([
      { id: '1', label: 'Bob', connectionState: 'connected', localDescription: 'v=0' },
    ])
    expect(sample.connections[0]?.stats).toEqual([{ id: 'a', type: 'outbound-rtp', timestamp: 1 }])
    expect(await message('timeline')).toEqual({ type: 'timeline', call, events: [{ at: 5, kind: 'joined' }] })
    stop()
    stop()
    expect((await message('gone')).call).toBe(call)
  })

  it('leaves out what is closed or cannot be measured', async () => {
    const closed = Object.assign(new FakeConnection(), { signalingState: 'closed' })
    const broken = Object.assign(new FakeConnection(), {
      getStats: () => Promise.reject(new Error('closed meanwhile')),
    })
    const stop = publishCall({ kind: 'loopback', title: '' }, () => [
      watched(closed),
      watched(broken),
      watched(new FakeConnection()),
    ])
    lab.postMessage({ type: 'watch', call: (await message('here')).call })
    expect((await message('sample')).sample.connections).toHaveLength(1)
    stop()
  })
})

describe('the connections of a page', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('are found when they describe or measure themselves, and forgotten when closed', async () => {
    class Native {
      signalingState = 'stable'
      getStats(): string {
        return `stats of ${this.signalingState}`
      }
      setLocalDescription(): void {}
      setRemoteDescription(): void {}
      addIceCandidate(): void {}
    }
    vi.stubGlobal('RTCPeerConnection', Native)
    vi.resetModules()
    const { discoverConnections, openConnections } = await import('./discover.ts')
    const before = new Native()
    discoverConnections()
    discoverConnections()
    const after = new Native()
    expect(openConnections()).toEqual([])
    expect(before.getStats()).toBe('stats of stable')
    after.setLocalDescription()
    after.setRemoteDescription()
    expect(openConnections()).toEqual([before, after])
    before.signalingState = 'closed'
    expect(openConnections()).toEqual([after])
  })
})
