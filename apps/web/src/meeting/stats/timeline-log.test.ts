import { isTimeline, makeTimeline, maxTimelineEvents, timelineKinds } from '@parley/diagnostics'
import english from '@parley/diagnostics/en'
import { describe, expect, it } from 'vitest'
import { type TimelineJudgement, TimelineLog, type TimelinePerson, type TimelineTrack } from './timeline-log.ts'

const texts: Readonly<Record<string, string>> = english
const bob = (connection: TimelinePerson['connection']): TimelinePerson => ({ id: 'b', name: 'Bob', connection })
const camera: TimelineTrack = { id: 'c', source: 'camera', direction: 'in' }
const kinds = (log: TimelineLog) => log.events.map(({ kind }) => kind)

function inCall(): TimelineLog {
  const log = new TimelineLog()
  log.server(true, 0)
  log.people([], 0)
  log.people([bob('connecting')], 1000)
  log.people([bob('connected')], 2000)
  return log
}

describe('the timeline of a call', () => {
  it('tells who came, and how the path to them fared', () => {
    const log = inCall()
    log.people([bob('connected')], 2500)
    log.people([bob('reconnecting')], 3000)
    log.people([{ ...bob('failed'), reason: 'No path.' }], 4000)
    log.people([], 5000)
    expect(log.events.map(({ at, kind, who }) => [at, kind, who])).toEqual([
      [0, 'joined', undefined],
      [1000, 'person-came', 'Bob'],
      [1000, 'path-connecting', 'Bob'],
      [2000, 'path-connected', 'Bob'],
      [3000, 'path-lost', 'Bob'],
      [4000, 'path-failed', 'Bob'],
      [5000, 'person-went', 'Bob'],
    ])
  })

  it('tells that a path is connected though nobody saw it connect, and does so once', () => {
    const log = new TimelineLog()
    log.people([bob('connected')], 0)
    for (const at of [1000, 2000]) log.measured([{ participant: 'b', route: 'direct', tracks: [] }], at)
    expect(log.events.map(({ at, kind, who }) => [at, kind, who])).toEqual([
      [0, 'joined', undefined],
      [1000, 'path-connected', 'Bob'],
      [1000, 'route-direct', 'Bob'],
    ])
    log.people([bob('reconnecting')], 3000)
    log.people([bob('connected')], 4000)
    expect(kinds(log).slice(3)).toEqual(['path-lost', 'path-connected'])
  })

  it('tells when the server was away, and nothing while it was there', () => {
    const log = new TimelineLog()
    for (const [reachable, at] of [
      [true, 0],
      [true, 1],
      [false, 2],
      [false, 3],
      [true, 4],
    ] as const)
      log.server(reachable, at)
    expect(kinds(log)).toEqual(['server-lost', 'server-back'])
  })

  it('tells of loss with a gap between begin and end', () => {
    const log = inCall()
    const losses = [0, 0.04, 0.06, 0.04, 0.03, 0.01, 0.04, undefined]
    for (const [i, loss] of losses.entries())
      log.measured([{ participant: 'b', tracks: [{ ...camera, loss }] }], 3000 + i)
    expect(log.events.slice(4).map(({ at, kind }) => [at, kind])).toEqual([
      [3002, 'loss-began'],
      [3005, 'loss-ended'],
    ])
  })

  it('tells of freezes, layers, limits, bandwidth, relays and slow paths', () => {
    const log = inCall()
    const out: TimelineTrack = { id: 'o', source: 'camera', direction: 'out' }
    const steps = [
      {
        route: 'direct',
        roundTripMs: 20,
        availableOutBps: 2e6,
        tracks: [
          { ...camera, height: 720, freezeCount: 0 },
          { ...out, limitedBy: 'none' },
        ],
      },
      {
        route: 'direct',
        roundTripMs: 500,
        availableOutBps: 1.5e6,
        tracks: [
          { ...camera, height: 360, freezeCount: 2 },
          { ...out, limitedBy: 'bandwidth' },
        ],
      },
      {
        route: 'relayed',
        roundTripMs: 300,
        availableOutBps: 0.5e6,
        tracks: [
          { ...camera, height: 360, freezeCount: 2 },
          { ...out, limitedBy: 'bandwidth' },
        ],
      },
      {
        route: 'relayed',
        roundTripMs: 100,
        availableOutBps: 2e6,
        tracks: [
          { ...camera, height: 720, freezeCount: 2 },
          { ...out, limitedBy: 'none' },
        ],
      },
    ] as const
    for (const [i, step] of steps.entries()) log.measured([{ participant: 'b', ...step }], 3000 + i)
    expect(kinds(log).slice(4)).toEqual([
      'route-direct',
      'slow-began',
      'picture-smaller',
      'froze',
      'limited-bandwidth',
      'route-relayed',
      'bandwidth-fell',
      'slow-ended',
      'bandwidth-rose',
      'picture-larger',
      'limit-gone',
    ])
  })

  it('tells what the server measured between ours: of whom, why and how good, and that it is well again', () => {
    const log = new TimelineLog()
    log.people([bob('connected')], 0)
    const judge = (quality: TimelineJudgement['quality'], own: TimelineJudgement['quality'], at: number) =>
      log.judged(
        [
          { id: 'me', quality: own },
          { id: 'b', name: 'Bob', quality },
        ],
        at,
      )
    judge(undefined, undefined, 1000)
    judge({ score: 4 }, undefined, 2000)
    for (const at of [3000, 4000]) judge({ score: 2, reason: 'uplink-loss' }, { score: 4 }, at)
    log.measured([{ participant: 'b', tracks: [{ ...camera, loss: 0.1 }] }], 4500)
    judge({ score: 1, reason: 'uplink-loss' }, { score: 3, reason: 'downlink-bandwidth' }, 5000)
    judge({ score: 4 }, undefined, 6000)
    judge({ score: 4 }, { score: 4 }, 7000)
    expect(log.events.slice(1).map(({ at, kind, who, params }) => [at, kind, who, params?.score])).toEqual([
      [3000, 'judged-uplink-loss', 'Bob', { value: 2, unit: 'count' }],
      [4500, 'loss-began', 'Bob', undefined],
      [5000, 'judged-downlink-bandwidth', undefined, { value: 3, unit: 'count' }],
      [5000, 'judged-uplink-loss', 'Bob', { value: 1, unit: 'count' }],
      [6000, 'judged-good', 'Bob', { value: 4, unit: 'count' }],
    ])
  })

  it('says nothing about what was not measured, nor of a counter that started over', () => {
    const log = inCall()
    log.measured([{ participant: 'b', tracks: [{ ...camera, freezeCount: 5 }] }], 3000)
    log.measured([{ participant: 'b', tracks: [{ ...camera, freezeCount: 0 }] }], 3001)
    log.measured([{ participant: 'b', availableOutBps: 0, tracks: [camera] }], 3002)
    expect(kinds(log).slice(4)).toEqual([])
  })

  it('forgets the oldest lines of a very long call', () => {
    const log = new TimelineLog()
    log.server(true, 0)
    for (let at = 1; at <= maxTimelineEvents + 100; at++) log.server(at % 2 === 0, at)
    expect(log.events).toHaveLength(maxTimelineEvents)
    expect(log.events.at(-1)?.at).toBe(maxTimelineEvents + 100)
  })

  it('can be read on another machine, and is told from other files', () => {
    const timeline = makeTimeline('room', 'Browser/1', inCall().events)
    expect(isTimeline(JSON.parse(JSON.stringify(timeline)))).toBe(true)
    for (const bad of [
      null,
      {},
      { ...timeline, version: 2 },
      { ...timeline, events: [{ at: 1, kind: 'other' }] },
      { ...timeline, events: [{ at: 1, kind: 'froze', params: { n: 1 } }] },
    ])
      expect(isTimeline(bad)).toBe(false)
  })

  it('has a sentence for everything that can happen', () => {
    for (const kind of timelineKinds) expect(texts[`timeline.${kind}`], kind).toBeTypeOf('string')
  })
})
