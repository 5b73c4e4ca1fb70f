import { describe, expect, it } from 'vitest'
import { type InputState, trackOf } from './state.ts'
import { type FakeTrack, fakeTrack } from './testing.ts'
import { type Treated, Treatment } from './treatment.ts'

const settled = () => new Promise(resolve => setImmediate(resolve))

interface Start {
  readonly device: MediaStreamTrack
  readonly choice: string
  readonly first: boolean
  /** It has started. */
  go(): FakeTrack
  fail(): void
}

function setUp(choice: string | undefined) {
  const states: InputState[] = []
  const starts: Start[] = []
  const changes: string[] = []
  const failures: unknown[] = []
  const treatment = new Treatment<string>(
    {
      start: (device, chosen, first) =>
        new Promise<Treated<string>>((resolve, reject) => {
          starts.push({
            device,
            choice: chosen,
            first,
            go: () => {
              const track = fakeTrack(`treated ${starts.length}`)
              resolve({ track, change: next => changes.push(next), close: () => track.stop() })
              return track
            },
            fail: () => reject(new Error('no')),
          })
        }),
      holds: chosen => chosen === 'blur',
      onState: state => states.push(state),
      onFailed: error => failures.push(error),
    },
    choice,
  )
  const last = () => states.at(-1) ?? { status: 'off' as const }
  return { treatment, states, starts, changes, failures, last, shown: () => trackOf(last()) }
}

const on = (track: MediaStreamTrack): InputState => ({ status: 'on', track, deviceId: 'a', label: 'A' })

describe('a treatment', () => {
  it('of nothing passes the device on', () => {
    const { treatment, shown, starts } = setUp(undefined)
    const device = fakeTrack('a')
    treatment.handle(on(device))
    expect(shown()).toBe(device)
    expect(starts).toEqual([])
  })

  it('takes the place of the device when it has started, and not before', async () => {
    const { treatment, shown, starts } = setUp('warm')
    const device = fakeTrack('a')
    treatment.handle(on(device))
    expect(shown()).toBe(device)
    const track = starts[0]?.go()
    await settled()
    expect(shown()).toBe(track)
    expect(device.stopped).toBe(false)
  })

  it('that hides something keeps a device back that nobody has seen', async () => {
    const { treatment, last, shown, starts } = setUp('blur')
    treatment.handle(on(fakeTrack('a')))
    expect(last().status).toBe('asking')
    expect(starts[0]?.first).toBe(true)
    const track = starts[0]?.go()
    await settled()
    expect(shown()).toBe(track)
  })

  it('that is chosen while the device is shown changes nothing while it starts', async () => {
    const { treatment, shown, starts } = setUp(undefined)
    const device = fakeTrack('a')
    treatment.handle(on(device))
    treatment.choose('blur')
    expect(starts[0]?.first).toBe(false)
    expect(shown()).toBe(device)
    starts[0]?.go()
    await settled()
    expect(shown()).not.toBe(device)
  })

  it('keeps its track while the choice changes, and gives the device back at the end', async () => {
    const { treatment, shown, starts, changes } = setUp('warm')
    const device = fakeTrack('a')
    treatment.handle(on(device))
    const track = starts[0]?.go()
    await settled()
    treatment.choose('cool')
    expect(shown()).toBe(track)
    expect(changes).toEqual(['cool'])
    treatment.choose(undefined)
    expect(shown()).toBe(device)
    expect(track?.stopped).toBe(true)
    expect(device.stopped).toBe(false)
  })

  it('survives a mute', async () => {
    const { treatment, last, shown, starts } = setUp('warm')
    const device = fakeTrack('a')
    treatment.handle(on(device))
    const track = starts[0]?.go()
    await settled()
    treatment.handle({ status: 'muted', track: device, deviceId: 'a', label: 'A' })
    expect(last().status).toBe('muted')
    treatment.handle(on(device))
    expect(shown()).toBe(track)
    expect(starts).toHaveLength(1)
  })

  it('follows to another device, and ends with the device', async () => {
    const { treatment, last, shown, starts } = setUp('warm')
    treatment.handle(on(fakeTrack('a')))
    const first = starts[0]?.go()
    await settled()
    const other = fakeTrack('b')
    treatment.handle(on(other))
    expect(first?.stopped).toBe(true)
    expect(starts[1]?.device).toBe(other)
    const second = starts[1]?.go()
    await settled()
    expect(shown()).toBe(second)
    treatment.handle({ status: 'off' })
    expect(last()).toEqual({ status: 'off' })
    expect(second?.stopped).toBe(true)
    expect(treatment.active).toBe(false)
  })

  it('closes what has started too late', async () => {
    const { treatment, shown, starts } = setUp('warm')
    treatment.handle(on(fakeTrack('a')))
    treatment.handle({ status: 'off' })
    const late = starts[0]?.go()
    await settled()
    expect(late?.stopped).toBe(true)
    expect(shown()).toBeUndefined()
  })

  it('that fails leaves the device as it is, says so, and can be tried again', async () => {
    const { treatment, shown, starts, failures } = setUp('blur')
    const device = fakeTrack('a')
    treatment.handle(on(device))
    starts[0]?.fail()
    await settled()
    expect(failures).toHaveLength(1)
    expect(shown()).toBe(device)
    treatment.choose('blur')
    const track = starts[1]?.go()
    await settled()
    expect(shown()).toBe(track)
  })
})
