import { expect, it } from 'vitest'
import { sortDevices } from './state.ts'

it('sorts devices by kind, without those nobody can name and Chrome’s twin', () => {
  const found = [
    { kind: 'audioinput', deviceId: 'default', label: 'Default - Headset' },
    { kind: 'audioinput', deviceId: 'communications', label: 'Communications - Headset' },
    { kind: 'audioinput', deviceId: 'm1', label: 'Headset' },
    { kind: 'videoinput', deviceId: '', label: '' },
    { kind: 'audiooutput', deviceId: 's1', label: 'Speakers' },
  ] as const
  expect(sortDevices(found)).toEqual({
    microphone: [
      { id: 'default', label: 'Default - Headset' },
      { id: 'm1', label: 'Headset' },
    ],
    camera: [],
    speaker: [{ id: 's1', label: 'Speakers' }],
  })
})
