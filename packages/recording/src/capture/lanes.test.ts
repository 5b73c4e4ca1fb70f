import { expect, test } from 'vitest'
import { person, track } from '../testing/people.ts'
import { lanesOf } from './lanes.ts'

const keys = (...people: ReturnType<typeof person>[]) =>
  lanesOf({ self: person('me', { tracks: [track('microphone', 'm')] }), participants: people }).map(
    ({ key, media }) => `${key}: ${media?.id ?? 'silence'}`,
  )

test('each track of everybody has a file of its own', () => {
  const ann = person('ann', { tracks: [track('camera', 'c'), track('microphone', 'a'), track('screen', 's')] })
  expect(keys(ann)).toEqual(['me microphone: m', 'ann camera c: c', 'ann microphone: a', 'ann screen s: s'])
})

test('a sound that is muted or comes from another device stays in its file; a picture begins a new one', () => {
  const before = person('ann', { tracks: [track('camera', 'c1'), track('microphone', 'a1')] })
  const after = person('ann', { tracks: [track('camera', 'c2'), track('microphone', 'a2')] })
  const muted = person('ann', {
    tracks: [track('camera', undefined, { muted: true }), track('microphone', 'a2', { muted: true })],
  })
  expect(keys(before)).toEqual(['me microphone: m', 'ann camera c1: c1', 'ann microphone: a1'])
  expect(keys(after)).toEqual(['me microphone: m', 'ann camera c2: c2', 'ann microphone: a2'])
  expect(keys(muted)).toEqual(['me microphone: m', 'ann microphone: silence'])
})
