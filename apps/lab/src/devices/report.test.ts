import { describe, expect, test } from 'vitest'
import type { Json } from '../report/report.ts'
import type { DeviceFindings } from './examine.ts'
import type { ListedDevice } from './inventory.ts'
import { brightest } from './picture.ts'
import { deviceFindings, deviceReport, readDevices } from './report.ts'

const microphone: ListedDevice = { kind: 'audioinput', deviceId: 'a', groupId: 'g', label: 'Headset' }
const camera: ListedDevice = { kind: 'videoinput', deviceId: 'v', groupId: 'h', label: 'Webcam' }
const granted = { microphone: 'granted', camera: 'granted' } as const
const opened = { is: 'opened', tookMs: 20, settings: { width: 640 }, muted: false } as const

const sayings = (findings: DeviceFindings) => deviceFindings(findings).map(({ id, status }) => `${id} ${status}`)

describe('what the devices mean', () => {
  test('all is well', () => {
    const tried = [microphone, camera].map(device => ({ device, opening: opened }))
    expect(sayings({ devices: [microphone, camera], secure: true, permissions: granted, tried })).toEqual([
      'overall unknown',
      'microphone-found pass',
      'microphone-opens pass',
      'camera-found pass',
      'camera-opens pass',
      'speaker-found unknown',
    ])
  })

  test('no devices are a warning: one can still watch and listen', () => {
    expect(sayings({ devices: [], secure: true, permissions: granted, tried: [] })).toEqual([
      'microphone-found warn',
      'camera-found warn',
      'speaker-found unknown',
    ])
  })

  test('what is blocked is said to be blocked, not missing', () => {
    const permissions = { microphone: 'denied', camera: 'denied' } as const
    expect(sayings({ devices: [], secure: true, permissions, tried: [] })).toEqual([
      'microphone-permission fail',
      'camera-permission fail',
      'speaker-found unknown',
    ])
  })

  test('not asked yet is not known, and no failure', () => {
    const permissions = { microphone: 'prompt', camera: 'unknown' } as const
    expect(sayings({ devices: [microphone, camera], secure: true, permissions, tried: [] })).toContain(
      'microphone-permission unknown',
    )
  })

  test('a camera in use fails with its name; with another that works it is a warning', () => {
    const busy = { is: 'failed', problem: 'NotReadableError', error: 'NotReadableError: Could not start' } as const
    const one = [{ device: camera, opening: busy }]
    const two = [...one, { device: { ...camera, deviceId: 'w' }, opening: opened }]
    const base = { devices: [camera], secure: true, permissions: granted }
    const find = (tried: DeviceFindings['tried']) =>
      deviceFindings({ ...base, tried }).find(({ id }) => id === 'camera-opens')
    expect(find(one)).toMatchObject({ status: 'fail', params: { device: 'Webcam', error: busy.error } })
    expect(find(two)?.status).toBe('warn')
  })

  test('a page without HTTPS has no devices, and says why', () => {
    expect(sayings({ devices: undefined, secure: false, permissions: granted, tried: [] })).toEqual(['insecure fail'])
  })
})

test('a report can be read again; anything else is not taken', () => {
  const found = { devices: [microphone], secure: true, permissions: granted, tried: [] }
  expect(readDevices(deviceReport(found).data)).toEqual(found)
  const broken: Json[] = [null, [], 'x', { devices: [{}], permissions: {}, tried: [] }, { permissions: {} }]
  for (const data of broken) expect(readDevices(data)).toBeUndefined()
})

test('a black picture is said, and black is what shows nothing at all', () => {
  const camera = { kind: 'videoinput', deviceId: 'c', groupId: 'g', label: 'Cam' } as const
  const opening = { is: 'opened', tookMs: 1, settings: {}, muted: false, black: true } as const
  const found = deviceFindings({
    devices: [camera],
    secure: true,
    permissions: { microphone: 'granted', camera: 'granted' },
    tried: [{ device: camera, opening }],
  })
  expect(found.find(({ id }) => id === 'camera-black')).toEqual({
    id: 'camera-black',
    status: 'warn',
    params: { device: 'Cam' },
  })
  expect(brightest([0, 0, 0, 255, 3, 9, 2, 255])).toBeLessThan(16)
  expect(brightest([0, 0, 0, 255, 40, 30, 20, 255])).toBeGreaterThan(16)
})
