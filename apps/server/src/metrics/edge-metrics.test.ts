import type { Edge, EdgeCounters } from '@parley/edge'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { edgeMetrics } from './edge-metrics.ts'

/** What a scrape says while the media process counts this. */
async function scrape(sfu: object | undefined): Promise<string> {
  const registry = new Registry()
  const counters = { turn: {}, udp: {}, outside: {}, sfu } as unknown as EdgeCounters
  const edge = { counters: async () => counters, state: { is: 'serving' }, restarts: 0 } as unknown as Edge
  edgeMetrics(registry, () => edge)
  return registry.metrics()
}

it('tells how many there are of each quality, what it is for, and nothing of who they are', async () => {
  const qualities = [
    { quality: { score: 4 }, participants: 7 },
    { quality: { score: 1, reason: 'uplink-loss' }, participants: 2 },
  ]
  const text = await scrape({ rooms: { qualities }, media: {}, iceTcp: {} })
  expect(text.match(/^parley_sfu_participant_quality\{.*$/gm)).toEqual([
    'parley_sfu_participant_quality{score="4",reason="none"} 7',
    'parley_sfu_participant_quality{score="1",reason="uplink-loss"} 2',
  ])
})

it('tells what adapting to links has done and does', async () => {
  const media = {
    ...{ streamSwitches: 1, layersLowered: 2, layersRaised: 3, probes: 4, keyFrameRequestsReceived: 5, abandoned: 6 },
    ...{ pictures: 10, picturesReduced: 11, picturesWaiting: 12, picturesPaused: 13 },
    ...{ links: 20, estimateBps: 21, wantedBps: 22, grantedBps: 23 },
  }
  const lines = (await scrape({ rooms: { qualities: [] }, media, iceTcp: {} })).split('\n')
  for (const line of [
    'stream_switches_total 1',
    'layers_lowered_total 2',
    'layers_raised_total 3',
    'probes_total 4',
    'key_frame_requests_received_total 5',
    'nacks_abandoned_total 6',
    'pictures 10',
    'pictures_reduced 11',
    'pictures_waiting 12',
    'pictures_paused 13',
    'links 20',
    'links_estimated_bits_per_second 21',
    'links_wanted_bits_per_second 22',
    'links_granted_bits_per_second 23',
  ]) {
    expect(lines).toContain(`parley_sfu_${line}`)
  }
})

it('says zero, and of no quality, where nothing is forwarded', async () => {
  const text = await scrape(undefined)
  expect(text).toMatch(/^parley_sfu_pictures 0$/m)
  expect(text).not.toMatch(/^parley_sfu_participant_quality\{/m)
})
