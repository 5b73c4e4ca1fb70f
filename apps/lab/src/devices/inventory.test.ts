import { expect, test } from 'vitest'
import { compareLists, countOf, groupDevices, type ListedDevice, namesCame } from './inventory.ts'

// As Chromium 156 lists its fake devices, ids shortened.
const chromium: readonly ListedDevice[] = [
  { kind: 'audioinput', deviceId: 'default', groupId: 'g1', label: 'Fake Default Audio Input' },
  { kind: 'audioinput', deviceId: 'a1', groupId: 'g1', label: 'Fake Audio Input 1' },
  { kind: 'audioinput', deviceId: 'a2', groupId: 'g2', label: 'Fake Audio Input 2' },
  { kind: 'videoinput', deviceId: 'v1', groupId: 'g3', label: 'fake_device_0' },
  { kind: 'audiooutput', deviceId: 'o2', groupId: 'g2', label: 'Fake Audio Output 2' },
]
/** The same before the first permission. */
const hidden: readonly ListedDevice[] = [
  { kind: 'audioinput', deviceId: '', groupId: '', label: '' },
  { kind: 'videoinput', deviceId: '', groupId: '', label: '' },
]

test('one group for each piece of hardware, in their order', () => {
  expect(groupDevices(chromium).map(({ devices }) => devices.map(({ deviceId }) => deviceId))).toEqual([
    ['default', 'a1'],
    ['a2', 'o2'],
    ['v1'],
  ])
})

test('devices without a group stay apart', () => expect(groupDevices(hidden)).toHaveLength(2))

test('what came and what went', () => {
  const without = chromium.filter(({ deviceId }) => deviceId !== 'v1')
  expect(compareLists(chromium, without)).toEqual({ added: [], removed: [chromium[3]] })
  expect(compareLists(without, chromium)).toEqual({ added: [chromium[3]], removed: [] })
  expect(compareLists(chromium, [...chromium].reverse())).toEqual({ added: [], removed: [] })
})

test('without ids a second camera is still seen to come', () => {
  const camera = { kind: 'videoinput', deviceId: '', groupId: '', label: '' } as const
  expect(compareLists(hidden, [...hidden, camera]).added).toEqual([camera])
})

test('names that come with the permission are no plugging', () => {
  expect(namesCame(hidden, chromium)).toBe(true)
  expect(namesCame(chromium, chromium.slice(1))).toBe(false)
})

test('twins are not counted', () => {
  expect(countOf(chromium, 'audioinput')).toBe(2)
  expect(countOf([], 'audioinput')).toBe(0)
})
