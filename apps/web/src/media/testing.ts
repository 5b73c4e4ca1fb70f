/** A MediaStreamTrack as far as this app looks at one, with an `unplug` that the real one has only as a cable. */
export interface FakeTrack extends MediaStreamTrack {
  readonly stopped: boolean
  unplug(): void
}

export function fakeTrack(deviceId: string, label = `Device ${deviceId}`): FakeTrack {
  const events = new EventTarget()
  let stopped = false
  const track = {
    label,
    get stopped() {
      return stopped
    },
    getSettings: () => ({ deviceId }),
    stop: () => {
      stopped = true
    },
    addEventListener: events.addEventListener.bind(events),
    unplug: () => events.dispatchEvent(new Event('ended')),
  }
  return track as unknown as FakeTrack
}
