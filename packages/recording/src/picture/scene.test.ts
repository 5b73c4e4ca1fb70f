import { expect, test } from 'vitest'
import { person, track } from '../testing/people.ts'
import { sceneOf } from './scene.ts'

test('everybody has a tile, ourselves last, and so has each screen; players by HTTP have none', () => {
  const self = person('me', { tracks: [track('camera', 'm')] })
  const ann = person('ann', { tracks: [track('camera', 'a'), track('screen', 's')] })
  const tiles = sceneOf({
    self,
    participants: [ann, person('tv', { via: 'whep' }), person('encoder', { via: 'whip' })],
  })
  expect(tiles.map(({ key, mediaTrack }) => `${key}: ${mediaTrack?.id}`)).toEqual([
    'camera ann: a',
    'camera encoder: undefined',
    'camera me: m',
    'screen ann: s',
  ])
})

test('a camera that is off has no picture and is not asked for; one that has not come yet is', () => {
  const off = person('ann', { tracks: [track('camera', 'a', { muted: true })] })
  const coming = person('bob', { tracks: [track('camera', undefined)] })
  expect(sceneOf({ self: person('me'), participants: [off, coming] })).toMatchObject([
    { key: 'camera ann', picture: false, trackId: undefined },
    { key: 'camera bob', picture: false, trackId: 'camera' },
    { key: 'camera me' },
  ])
})
