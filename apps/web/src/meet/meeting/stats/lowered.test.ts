import type { PeerStats, TrackStats } from '@parley/client'
import { describe, expect, it } from 'vitest'
import { LoweredWatch } from './lowered.ts'

function measured(over: Partial<TrackStats>): PeerStats[] {
  const track = { id: 'c', source: 'camera', direction: 'out', ...over } as TrackStats
  return [{ participant: 'ann', tracks: [track] } as unknown as PeerStats]
}

const held = measured({ limitedBy: 'bandwidth' })
const free = measured({ limitedBy: 'none' })

describe('LoweredWatch', () => {
  it('says so only after two measurements in a row, and unsays it likewise', () => {
    const watch = new LoweredWatch()
    expect([held, free, held, held, free, held, free, free].map(stats => watch.receive(stats))).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      true,
      false,
    ])
  })

  it('blames nothing but the network, for nothing but our own camera', () => {
    const innocent = [
      measured({ limitedBy: 'cpu' }),
      measured({}),
      measured({ limitedBy: 'bandwidth', source: 'screen' }),
      measured({ limitedBy: 'bandwidth', direction: 'in' }),
      [],
    ]
    for (const stats of innocent) {
      const watch = new LoweredWatch()
      expect([stats, stats, stats].map(each => watch.receive(each))).toEqual([false, false, false])
    }
  })
})
