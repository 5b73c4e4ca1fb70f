import type { PeerStats, TrackStats } from '@parley/client'
import { expect, it } from 'vitest'
import { applies, pathColumns, trackColumns } from './rows.ts'

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

it('does not ask sound for a resolution, nor what we send for its freezes', () => {
  const sound: TrackStats = { ...unknown, source: 'screen-audio' }
  const sent: TrackStats = { ...unknown, direction: 'out' }
  expect(applies('resolution', sound)).toBe(false)
  expect(applies('bitrate', sound)).toBe(true)
  expect(applies('freezes', sent)).toBe(false)
  expect(applies('resolution', sent)).toBe(true)
  expect(applies('freezes', unknown)).toBe(true)
})
