import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { BrowserStats } from '../testing/browser-stats.ts'
import { imitateBrowser, openSession } from '../testing/fake-session.ts'

imitateBrowser()

test('what the media measures is in the room’s picture: how the paths do, and what ails us once it lasts', async () => {
  const clock = new FakeClock()
  const { media, join } = await openSession(clock)
  const room = await join()
  const path = new BrowserStats('Chromium')
  const measure = () => {
    clock.advance(2_000)
    media[0]?.events.measured([path.after(2_000, { limitedBy: 'cpu' })])
  }
  measure()
  expect([room.state.self.quality, room.state.troubles]).toEqual([4, []])
  for (let i = 0; i < 5; i++) measure()
  expect(room.state.troubles).toEqual(['slow-encoding'])
  const changes: unknown[] = []
  room.on('changed', state => changes.push(state))
  measure()
  expect(changes).toEqual([])
})
