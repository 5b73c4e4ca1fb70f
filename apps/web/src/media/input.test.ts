import { describe, expect, it } from 'vitest'
import { Input } from './input.ts'
import type { InputState, MediaErrorCode } from './state.ts'
import { type FakeTrack, fakeTrack } from './testing.ts'

class Failure extends Error {
  readonly code: MediaErrorCode
  constructor(code: MediaErrorCode) {
    super(code)
    this.code = code
  }
}

interface Request {
  readonly deviceId: string | undefined
  give(track?: FakeTrack): FakeTrack
  refuse(code: MediaErrorCode): void
}

function setUp({ openWhileMuted = true, deviceId }: { openWhileMuted?: boolean; deviceId?: string } = {}) {
  const requests: Request[] = []
  const states: InputState[] = []
  const replaced: string[] = []
  const input = new Input(
    {
      open: id =>
        new Promise((resolve, reject) => {
          requests.push({
            deviceId: id,
            give: (track = fakeTrack(id ?? 'default')) => {
              resolve(track)
              return track
            },
            refuse: code => reject(new Failure(code)),
          })
        }),
      codeOf: error => (error instanceof Failure ? error.code : 'media-failed'),
      labelOf: id => id && `Device ${id}`,
      onState: state => states.push(state),
      onReplaced: (lost, found) => replaced.push(`${lost} → ${found}`),
      openWhileMuted,
    },
    deviceId,
  )
  const request = (index: number): Request => {
    const found = requests[index]
    if (!found) throw new Error(`there was no request ${index}`)
    return found
  }
  return { input, request, requests, states, replaced, status: () => input.state.status }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

describe('an input', () => {
  it('asks, then is on', async () => {
    const { input, request, states } = setUp({ deviceId: 'a' })
    const done = input.set(true)
    request(0).give()
    await done
    expect(states.map(state => state.status)).toEqual(['asking', 'on'])
    expect(input.state).toMatchObject({ status: 'on', deviceId: 'a', label: 'Device a' })
  })

  it('a microphone stays open while muted, and unmutes without asking', async () => {
    const { input, request, requests, status } = setUp()
    const done = input.set(true)
    const track = request(0).give()
    await done
    await input.set(false)
    expect(status()).toBe('muted')
    expect(track.stopped).toBe(false)
    await input.set(true)
    expect(status()).toBe('on')
    expect(requests).toHaveLength(1)
  })

  it('a camera that is turned off lets the hardware go', async () => {
    const { input, request, status } = setUp({ openWhileMuted: false })
    const done = input.set(true)
    const track = request(0).give()
    await done
    await input.set(false)
    expect(status()).toBe('off')
    expect(track.stopped).toBe(true)
  })

  it('turned off before the answer came: what comes then is let go', async () => {
    const { input, request, status } = setUp({ openWhileMuted: false })
    const done = input.set(true)
    await input.set(false)
    const track = request(0).give()
    await done
    expect(track.stopped).toBe(true)
    expect(status()).toBe('off')
  })

  it('muted before the answer came: it opens muted', async () => {
    const { input, request, status } = setUp()
    const done = input.set(true)
    await input.set(false)
    request(0).give()
    await done
    expect(status()).toBe('muted')
  })

  it('opens the new device before it closes the old one', async () => {
    const { input, request, states } = setUp({ deviceId: 'a' })
    const first = input.set(true)
    const old = request(0).give()
    await first
    const second = input.select('b')
    expect(old.stopped).toBe(false)
    expect(states.at(-1)).toMatchObject({ status: 'on', deviceId: 'a' })
    request(1).give()
    await second
    expect(old.stopped).toBe(true)
    expect(input.state).toMatchObject({ status: 'on', deviceId: 'b' })
  })

  it('where only one may be open at a time, closes the old one first', async () => {
    const { input, request } = setUp({ deviceId: 'a' })
    const first = input.set(true)
    const old = request(0).give()
    await first
    const second = input.select('b')
    request(1).refuse('media-busy')
    await settled()
    expect(old.stopped).toBe(true)
    request(2).give()
    await second
    expect(input.state).toMatchObject({ status: 'on', deviceId: 'b' })
  })

  it('only the last of quick choices counts', async () => {
    const { input, request } = setUp({ deviceId: 'a' })
    const first = input.set(true)
    request(0).give()
    await first
    const toB = input.select('b')
    const toC = input.select('c')
    request(2).give()
    await toC
    const late = request(1).give()
    await toB
    expect(late.stopped).toBe(true)
    expect(input.state).toMatchObject({ deviceId: 'c' })
  })

  it('a remembered device that is gone gives way to the system’s choice', async () => {
    const { input, request } = setUp({ deviceId: 'gone' })
    const done = input.set(true)
    request(0).refuse('media-missing')
    await settled()
    expect(request(1).deviceId).toBeUndefined()
    request(1).give()
    await done
    expect(input.state).toMatchObject({ status: 'on', deviceId: 'default' })
  })

  it('a failure names the device, and a retry may cure it', async () => {
    const { input, request, status } = setUp({ deviceId: 'a' })
    const done = input.set(true)
    request(0).refuse('media-busy')
    await done
    expect(input.state).toEqual({ status: 'failed', code: 'media-busy', deviceLabel: 'Device a' })
    const again = input.retry()
    request(1).give()
    await again
    expect(status()).toBe('on')
  })

  it('a retry does nothing for what is not wanted any more', async () => {
    const { input, request, requests } = setUp({ openWhileMuted: false })
    const done = input.set(true)
    request(0).refuse('media-denied')
    await done
    await input.set(false)
    await input.retry()
    expect(requests).toHaveLength(1)
    expect(input.state.status).toBe('off')
  })
})

describe('an unplugged device', () => {
  it('is replaced by another, and that is told', async () => {
    const { input, request, replaced } = setUp({ deviceId: 'usb' })
    const done = input.set(true)
    const usb = request(0).give()
    await done
    usb.unplug()
    expect(request(1).deviceId).toBeUndefined()
    request(1).give(fakeTrack('built-in'))
    await settled()
    expect(input.state).toMatchObject({ status: 'on', deviceId: 'built-in' })
    expect(replaced).toEqual(['Device usb → Device built-in'])
  })

  it('that was muted is replaced muted', async () => {
    const { input, request, status } = setUp({ deviceId: 'usb' })
    const done = input.set(true)
    const usb = request(0).give()
    await done
    await input.set(false)
    usb.unplug()
    request(1).give(fakeTrack('built-in'))
    await settled()
    expect(status()).toBe('muted')
  })

  it('without another is missing by its own name', async () => {
    const { input, request } = setUp({ deviceId: 'usb' })
    const done = input.set(true)
    const usb = request(0).give()
    await done
    usb.unplug()
    request(1).refuse('media-missing')
    await settled()
    expect(input.state).toEqual({ status: 'failed', code: 'media-missing', deviceLabel: 'Device usb' })
  })

  it('is the chosen one again the next time', async () => {
    const { input, request } = setUp({ deviceId: 'usb', openWhileMuted: false })
    const done = input.set(true)
    const usb = request(0).give()
    await done
    usb.unplug()
    request(1).give(fakeTrack('built-in'))
    await settled()
    await input.set(false)
    void input.set(true)
    expect(request(2).deviceId).toBe('usb')
  })

  it('says nothing once it was replaced by hand', async () => {
    const { input, request, requests } = setUp({ deviceId: 'usb' })
    const done = input.set(true)
    const usb = request(0).give()
    await done
    const change = input.select('other')
    request(1).give()
    await change
    usb.unplug()
    await settled()
    expect(requests).toHaveLength(2)
    expect(input.state).toMatchObject({ status: 'on', deviceId: 'other' })
  })
})

it('released, it is off and can be turned on again', async () => {
  const { input, request, status } = setUp()
  const done = input.set(true)
  const track = request(0).give()
  await done
  input.release()
  expect(track.stopped).toBe(true)
  expect(status()).toBe('off')
  const again = input.set(true)
  request(1).give()
  await again
  expect(status()).toBe('on')
})
