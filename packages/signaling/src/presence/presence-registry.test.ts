import type { Presence } from '@parley/protocol'
import { beforeEach, expect, test } from 'vitest'
import { PresenceRegistry } from './presence-registry.ts'

const ann = { identity: 'ann', name: 'Ann' }
let told: Presence[]
let engaged: Set<string>
let presence: PresenceRegistry

beforeEach(() => {
  told = []
  engaged = new Set()
  presence = new PresenceRegistry({ engaged: identity => engaged.has(identity), changed: person => told.push(person) })
})

const statuses = () => told.splice(0).map(({ status }) => status)

test('nobody is online who has not said so', () => {
  engaged.add('ann')
  presence.refresh('ann', 0)
  presence.forget('tab 1', 'ann', 0)
  expect(told).toEqual([])
  expect(presence.find('ann')).toBeUndefined()
  expect(presence.others('bob')).toEqual([])
})

test('three tabs are one person: available while one says so, away while all do, gone with the last', () => {
  presence.set('tab 1', ann, 'away', 0)
  presence.set('tab 2', ann, 'available', 0)
  presence.set('tab 3', ann, 'available', 0)
  expect(statuses()).toEqual(['away', 'available'])
  presence.forget('tab 2', 'ann', 0)
  expect(statuses()).toEqual([])
  presence.set('tab 3', ann, 'offline', 0)
  expect(statuses()).toEqual(['away'])
  presence.set('tab 1', ann, 'away', 0)
  presence.forget('tab 1', 'ann', 0)
  presence.forget('tab 1', 'ann', 0)
  expect(statuses()).toEqual(['offline'])
})

test('a call or a room shows as in-call, and what was said comes back after it', () => {
  presence.set('tab 1', ann, 'away', 0)
  engaged.add('ann')
  presence.refresh('ann', 0)
  presence.set('tab 1', ann, 'available', 0)
  engaged.delete('ann')
  presence.refresh('ann', 0)
  presence.refresh('ann', 0)
  expect(statuses()).toEqual(['away', 'in-call', 'available'])
})

test('a new name is told', () => {
  presence.set('tab 1', ann, 'available', 0)
  presence.set('tab 1', { ...ann, name: 'Annie' }, 'available', 0)
  presence.set('tab 1', { ...ann, name: 'Annie' }, 'available', 0)
  expect(told).toEqual([
    { ...ann, status: 'available' },
    { identity: 'ann', name: 'Annie', status: 'available' },
  ])
  expect(presence.find('ann')).toEqual(told[1])
})

test('others are all but oneself', () => {
  presence.set('tab 1', ann, 'available', 0)
  presence.set('tab 2', { identity: 'bob', name: 'Bob' }, 'away', 0)
  expect(presence.others('ann')).toEqual([{ identity: 'bob', name: 'Bob', status: 'away' }])
})
