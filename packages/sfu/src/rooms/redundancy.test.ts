import { describe, expect, test } from 'vitest'
import { isRtp } from '../sdp/model.ts'
import { parseDescription } from '../sdp/parse.ts'
import { readDescription } from '../sdp/testing/descriptions.ts'
import { Whip } from '../whip/whip.ts'
import { codecs } from './testing/client.ts'
import { sdpOf, two } from './testing/world.ts'

const withRed = [codecs.opusWithRed]

/** RED of the sound in a description. */
function redIn(sdp: string) {
  return parseDescription(sdp).sections.flatMap(section =>
    isRtp(section) && section.kind === 'audio' ? (section.codecs[0]?.red ?? 'none') : [],
  )
}

/** As a browser writes that does not know it. */
function unknown(sdp: string): string {
  return sdp.replace(/a=(?:rtpmap:\d+ red|fmtp:\d+ \d+\/).*\r\n/g, '')
}

test.each([
  ['plain Opus', [codecs.opus]],
  ['RED', withRed],
])('a publisher’s %s is offered to all with RED, and sent to each as they answer', (_, sent) => {
  const { world, ann, bob } = two()
  const cat = world.join('cat')
  ann.publish({ kind: 'audio', codecs: sent })
  const [offer] = bob.inbox
  const [offered] = redIn(sdpOf(offer))
  expect(offered).toMatchObject({ preferred: false })
  expect(world.of('publish')[0]?.media.codecs[0]?.red).toEqual(sent[0] && 'red' in sent[0] ? sent[0].red : undefined)
  bob.answer()
  const description = { type: 'answer', sdp: unknown(cat.receiving.answer(sdpOf(cat.inbox[0]))) } as const
  const { connection = '', seq: answers = 0 } = cat.inbox[0] ?? {}
  cat.say('subscribe', connection, { kind: 'description', description, answers })
  const mappings = world.of('subscribe').map(({ media }) => media.payloadTypes)
  const number = offered === 'none' ? undefined : offered?.payloadType
  expect(mappings).toMatchObject([[{ from: 111, red: number }], [{ from: 111 }]])
  expect(mappings[1]?.[0]).not.toHaveProperty('red')
})

describe('of what is encrypted end to end', () => {
  test('RED is neither taken nor made', () => {
    const { world, ann, bob } = two()
    ann.announce('ann-audio', 'microphone', true)
    ann.publishing.add({ kind: 'audio', track: 'ann-audio', codecs: withRed })
    ann.offer()
    expect(redIn(sdpOf(ann.heard[0]))).toEqual(['none'])
    expect(redIn(sdpOf(bob.inbox[0]))).toEqual(['none'])
    world.settle()
    expect(world.of('publish')[0]?.media.codecs[0]).not.toHaveProperty('red')
    expect(world.of('subscribe')[0]?.media.payloadTypes[0]).not.toHaveProperty('red')
  })

  test('nor where that is said after RED was agreed', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'audio', codecs: withRed, track: 'ann-audio' })
    world.settle()
    expect(world.of('subscribe')[0]?.media.payloadTypes[0]).toHaveProperty('red')
    ann.tracks.length = 0
    ann.announce('ann-audio', 'microphone', true)
    expect(world.of('republish')[0]?.media.codecs[0]).not.toHaveProperty('red')
    expect(world.of('unsubscribe')).toHaveLength(1)
    world.settle()
    expect(redIn(sdpOf(bob.heard.findLast(({ side }) => side === 'subscribe'))).at(-1)).toBe('none')
    expect(world.of('subscribe').at(-1)?.media.payloadTypes[0]).not.toHaveProperty('red')
    ann.offer()
    expect(redIn(sdpOf(ann.heard.findLast(({ side }) => side === 'publish')))).toEqual(['none'])
  })

  test('nor for a player', () => {
    const { world, ann } = two()
    const whip = new Whip(world.rooms)
    ann.publish({ kind: 'audio', codecs: withRed, track: 'ann-audio' })
    whip.play('room', 'tv', readDescription('chromium-play.offer'))
    const ofPlayer = () => world.of('subscribe').filter(({ media }) => media.payloadTypes[0]?.to === 111)
    expect(ofPlayer().map(({ media }) => media.payloadTypes[0]?.red)).toEqual([63])
    ann.tracks.length = 0
    ann.announce('ann-audio', 'microphone', true)
    expect(ofPlayer().map(({ media }) => media.payloadTypes[0]?.red)).toEqual([63, undefined])
  })
})

test('what a subscribe connection offers keeps its numbers', () => {
  const { world, ann, bob } = two()
  ann.publish({ kind: 'audio', codecs: withRed }, 'microphone')
  ann.publish({ kind: 'audio', codecs: [{ ...codecs.opusWithRed, parameters: 'stereo=1' }] }, 'screen-audio')
  world.settle()
  const [mono, stereo] = redIn(sdpOf(bob.heard.findLast(({ side }) => side === 'subscribe')))
  expect(mono).not.toEqual(stereo)
  const numbers = world.of('subscribe').flatMap(({ media }) => media.payloadTypes.flatMap(({ to, red }) => [to, red]))
  expect(new Set(numbers).size).toBe(4)
})
