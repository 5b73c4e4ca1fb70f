import { expect, test } from 'vitest'
import { noPathReason, type PathAttempt, PathMemory } from './no-path.ts'

const turn = [{ urls: ['stun:example.org', 'turns:example.org:443?transport=tcp'] }]
const failure = (attempt: Partial<PathAttempt>) =>
  noPathReason({ iceServers: [], policy: 'all', localTypes: new Set(), answered: true, ...attempt })
const reason = (attempt: Partial<PathAttempt>) => failure(attempt).reason

test('says what was tried and what is missing', () => {
  expect(reason({ answered: false })).toMatch(/not answered/)
  expect(reason({})).toMatch(/^No path was found between you: no direct one, and this server offers no relay/)
  expect(reason({ iceServers: [{ urls: 'stun:example.org' }] })).toMatch(/offers no relay/)
  expect(reason({ iceServers: turn })).toMatch(/could not be reached/)
  expect(reason({ iceServers: turn, localTypes: new Set(['host', 'relay']) })).toMatch(/neither .* nor .* relay/)
})

test('speaks of the relay alone where nothing else is allowed', () => {
  expect(reason({ policy: 'relay' })).toMatch(/Only relayed media is allowed, and this server offers no relay/)
  expect(reason({ policy: 'relay', iceServers: turn })).toMatch(
    /Only relayed media is allowed, .* could not be reached/,
  )
  expect(reason({ policy: 'relay', iceServers: turn, localTypes: new Set(['relay']) })).toMatch(/through the relay/)
})

test('has a code for each', () => {
  const relay = new Set(['relay'])
  const codes = [
    failure({ answered: false }),
    failure({}),
    failure({ iceServers: turn }),
    failure({ iceServers: turn, localTypes: relay }),
    failure({ policy: 'relay' }),
    failure({ policy: 'relay', iceServers: turn }),
    failure({ policy: 'relay', iceServers: turn, localTypes: relay }),
  ].map(({ code }) => code)
  expect(codes).toEqual([
    'no-answer',
    'relay-not-offered',
    'relay-unreachable',
    'no-path',
    'relay-only-not-offered',
    'relay-only-unreachable',
    'relay-only-no-path',
  ])
})

test('another attempt, of which nothing is known yet, takes back nothing that was found out', () => {
  const memory = new PathMemory()
  const direct = { iceServers: [{ urls: 'stun:s' }], policy: 'all', localTypes: new Set<string>() } as const
  expect(memory.why({ ...direct, answered: false }).code).toBe('no-answer')
  expect(memory.why({ ...direct, answered: true }).code).toBe('relay-not-offered')
  expect(memory.why({ ...direct, answered: false }).code).toBe('relay-not-offered')

  const relayed = { ...direct, iceServers: [{ urls: 'turn:t' }] }
  expect(memory.why({ ...relayed, answered: true, localTypes: new Set(['host']) }).code).toBe('relay-unreachable')
  expect(memory.why({ ...relayed, answered: true, localTypes: new Set(['host', 'relay']) }).code).toBe('no-path')
  expect(memory.why({ ...relayed, answered: false }).code).toBe('no-path')
  memory.worked()
  expect(memory.why({ ...relayed, answered: false }).code).toBe('no-answer')
})
