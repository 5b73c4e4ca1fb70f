import { expect, test } from 'vitest'
import { readDescription } from '../sdp/testing/descriptions.ts'
import { two, World } from './testing/world.ts'

const simulcast = readDescription('chromium-simulcast.offer')

test('a publisher is told which layers of its tracks anybody wants, all of them each time', () => {
  const { world, ann } = two()
  const camera = ann.publish({ kind: 'video' })
  ann.publish({ kind: 'audio' })
  const [picture, sound] = world.of('publish').map(({ publication }) => publication)
  const demand = (publication = -1, ...layers: boolean[]) => {
    world.rooms.handle(0, { is: 'demand', publication, layers })
    return ann.heard.at(-1)
  }
  const tracks = (seen: boolean, heard: boolean) => [
    { track: 'ann-video-0', encodings: [{ active: seen }] },
    { track: 'ann-audio-1', encodings: [{ active: heard }] },
  ]
  expect(demand(picture, false)).toMatchObject({
    side: 'publish',
    connection: 'p0',
    signal: { kind: 'demand', tracks: tracks(false, true) },
  })
  expect(demand(sound, false)?.signal).toEqual({ kind: 'demand', tracks: tracks(false, false) })

  // What is published anew has another publication, of which nothing is known yet.
  ann.publishing.change(camera, { direction: 'inactive' })
  ann.offer()
  ann.publishing.change(camera, { direction: 'sendonly' })
  ann.offer()
  expect(ann.heard.at(-1)?.signal).toEqual({ kind: 'demand', tracks: expect.arrayContaining(tracks(true, false)) })
})

test('layers go by their rids; those that the worker does not know yet are wanted', () => {
  const world = new World()
  const ann = world.join('ann')
  ann.say('publish', 'p0', { kind: 'description', description: { type: 'offer', sdp: simulcast } })
  const [published] = world.of('publish')
  world.rooms.handle(0, { is: 'demand', publication: published?.publication ?? -1, layers: [true, false] })
  expect(ann.heard.at(-1)?.signal).toMatchObject({
    kind: 'demand',
    tracks: [
      {
        encodings: [
          { rid: 'l', active: true },
          { rid: 'm', active: false },
          { rid: 'h', active: true },
        ],
      },
    ],
  })
})

test('about what has ended, and to encoders that came by HTTP, nothing is said', () => {
  const { world, ann } = two()
  ann.publish({ kind: 'video' })
  const [published] = world.of('publish')
  ann.say('publish', 'p0', { kind: 'close' })
  world.join('obs')
  world.rooms.answerPublisher('room', 'obs', simulcast)
  const said = world.events.length
  for (const { publication } of world.of('publish')) {
    world.rooms.handle(0, { is: 'demand', publication, layers: [false] })
  }
  expect([published !== undefined, world.events.length]).toEqual([true, said])
})
