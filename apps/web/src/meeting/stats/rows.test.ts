import type { PeerStats, TrackStats } from '@parley/client'
import { expect, it } from 'vitest'
import {
  applies,
  appliesToPath,
  formatBitrate,
  formatCount,
  formatMs,
  formatRate,
  formatResolution,
  formatShare,
  pathColumns,
  trackColumns,
} from './rows.ts'

const unknown = {
  id: 'x',
  source: 'camera',
  direction: 'in',
  codec: undefined,
  bitrateBps: undefined,
  loss: undefined,
  jitterMs: undefined,
  width: undefined,
  height: undefined,
  framesPerSecond: undefined,
  framesDecoded: undefined,
  freezeCount: undefined,
  totalAudioEnergy: undefined,
} satisfies TrackStats

it('makes up nothing where nothing was measured', () => {
  for (const { value } of trackColumns) expect(value(unknown, 'en')).toBeUndefined()
  const peer: PeerStats = {
    participant: 'ann',
    route: undefined,
    protocol: undefined,
    localCandidate: undefined,
    remoteCandidate: undefined,
    roundTripMs: undefined,
    availableOutBps: undefined,
    tracks: [],
  }
  for (const { value } of pathColumns) expect(value(peer, 'en')).toBeUndefined()
})

it('shows frames that could not be decrypted where there is a key, and bandwidth where something is sent', () => {
  const peer = { tracks: [unknown] } as unknown as PeerStats
  const shown = (of: PeerStats) => pathColumns.filter(({ key }) => appliesToPath(key, of)).map(({ key }) => key)
  expect(shown(peer)).not.toContain('undecrypted')
  expect(shown(peer)).not.toContain('available')
  expect(shown({ ...peer, undecryptedFrames: 0, tracks: [{ ...unknown, direction: 'out' }] })).toEqual(
    pathColumns.map(({ key }) => key),
  )
})

it('does not ask sound for a resolution, nor what we send for its freezes', () => {
  const sound: TrackStats = { ...unknown, source: 'screen-audio' }
  const sent: TrackStats = { ...unknown, direction: 'out' }
  expect(applies('resolution', sound)).toBe(false)
  expect(applies('bitrate', sound)).toBe(true)
  expect(applies('freezes', sent)).toBe(false)
  expect(applies('resolution', sent)).toBe(true)
  expect(applies('freezes', unknown)).toBe(true)
})

it('writes measurements with their units', () => {
  expect(formatBitrate(820_000, 'en')).toBe('820 kbit/s')
  expect(formatBitrate(2_440_000, 'en')).toBe('2.4 Mbit/s')
  expect(formatBitrate(0, 'en')).toBe('0 kbit/s')
  expect(formatShare(0.0042, 'en')).toBe('0.4 %')
  expect(formatShare(0, 'en')).toBe('0 %')
  expect(formatMs(0.42, 'en')).toBe('0.4 ms')
  expect(formatMs(1234, 'en')).toBe('1,234 ms')
  expect(formatResolution(1280, 720)).toBe('1280 × 720')
  expect(formatRate(29.97, 'en')).toBe('30')
})

it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY])('says nothing where %s was measured', value => {
  for (const format of [formatBitrate, formatShare, formatMs, formatRate, formatCount])
    expect(format(value, 'en')).toBeUndefined()
  expect(formatResolution(value, 720)).toBeUndefined()
  expect(formatResolution(0, 0)).toBeUndefined()
})
