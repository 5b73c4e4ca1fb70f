import { describe, expect, test } from 'vitest'
import { World } from '../rooms/testing/world.ts'
import { parseDescription } from '../sdp/parse.ts'
import { readDescription } from '../sdp/testing/descriptions.ts'
import { Whip } from './whip.ts'

function stage() {
  const world = new World()
  return { world, whip: new Whip(world.rooms) }
}

const encoder = readDescription('node-datachannel-audio-video.offer')
const player = readDescription('chromium-play.offer')

function fragment(ufrag: string, password = 'a-new-password-of-the-client'): string {
  const lines = [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${password}`, 'm=audio 9 RTP/AVP 0', 'a=mid:video']
  return [...lines, 'a=candidate:1 1 udp 2130706431 192.0.2.9 4000 typ host', ''].join('\r\n')
}

describe('WHIP', () => {
  test('an encoder takes a seat, and people are offered its two tracks, though they are of one stream', () => {
    const { world, whip } = stage()
    const ann = world.join('ann')
    const { sdp, tracks } = whip.publish('room', 'obs', encoder)
    expect(tracks.map(({ source }) => source).sort()).toEqual(['camera', 'microphone'])
    expect(new Set(tracks.map(({ id }) => id)).size).toBe(2)
    const answer = parseDescription(sdp)
    expect(answer.iceLite).toBe(true)
    expect(answer.sections).toMatchObject([{ direction: 'recvonly' }, { direction: 'recvonly' }])
    const [tagged] = answer.sections
    expect(tagged?.transport).toMatchObject({ setup: 'passive', endOfCandidates: true, candidates: [{ type: 'host' }] })
    expect(ann.inbox).toEqual([])
    world.rooms.setTracks('room', 'obs', tracks)
    expect(ann.inbox[0]?.signal).toMatchObject({ tracks: [{ participant: 'obs' }, { participant: 'obs' }] })
    world.settle()
    expect(world.of('subscribe')).toHaveLength(2)
    whip.close('room', 'obs')
    world.settle()
    expect(world.rooms.counters()).toMatchObject({ participants: 1, publications: 0, subscriptions: 0 })
  })

  test('a server that has moved says so to whoever comes, and to whoever negotiates again', () => {
    const { world, whip } = stage()
    const addresses = (sdp: string) => parseDescription(sdp).sections[0]?.transport.candidates.map(({ ip }) => ip)
    whip.publish('room', 'obs', encoder)
    world.rooms.setCandidates(0, [{ ip: '198.51.100.7', port: 3478, protocol: 'udp', type: 'host' }])
    expect(addresses(whip.publish('room', 'other', encoder).sdp)).toEqual(['198.51.100.7'])
    expect(whip.patch('room', 'obs', fragment('anew'), true)?.fragment).toContain(' 198.51.100.7 3478 ')
  })

  test.each([
    'werift-audio-video.offer',
    'chromium-audio-video.offer',
    'firefox-audio-video.offer',
    'safari-audio-video.offer',
  ])('%s is answered', name => {
    const { whip } = stage()
    const { sdp, tracks } = whip.publish('room', 'encoder', readDescription(name))
    expect(tracks).toHaveLength(2)
    expect(parseDescription(sdp).sections.every(({ rejected }) => !rejected)).toBe(true)
  })

  test('what cannot be used leaves no seat behind', () => {
    const { world, whip } = stage()
    const before = world.rooms.counters()
    expect(() => whip.publish('room', 'obs', 'v=0')).toThrow(expect.objectContaining({ code: 'not-usable' }))
    expect(() => whip.publish('room', 'obs', player)).toThrow(expect.objectContaining({ code: 'not-usable' }))
    expect(() => whip.publish('room', 'obs', 'garbage')).toThrow(expect.objectContaining({ code: 'bad-sdp' }))
    expect(() => whip.play('room', 'tv', encoder)).toThrow(expect.objectContaining({ code: 'not-usable' }))
    expect(world.rooms.counters()).toEqual(before)
  })

  test('one participant has one session', () => {
    const { whip } = stage()
    whip.publish('room', 'obs', encoder)
    expect(() => whip.publish('room', 'obs', encoder)).toThrow(expect.objectContaining({ code: 'out-of-order' }))
  })
})

describe('who has not connected', () => {
  test('is nothing to the others; the room is told when they come, and why when they do not', () => {
    const { world, whip } = stage()
    const ann = world.join('ann')
    whip.publish('room', 'obs', encoder)
    whip.play('room', 'tv', player)
    const [obs, tv] = world.of('open').map(({ transport }) => transport)
    if (obs === undefined || tv === undefined) return expect.unreachable()
    expect([ann.inbox, world.came]).toEqual([[], []])
    world.rooms.handle(0, { is: 'transport', transport: obs, state: 'connected', why: undefined })
    expect(world.came).toEqual([{ room: 'room', participant: 'obs' }])
    world.rooms.handle(0, { is: 'transport', transport: tv, state: 'disconnected', why: 'it did not connect' })
    expect(world.lost).toMatchObject([{ participant: 'tv', connection: 'whep', why: 'it did not connect' }])
  })
})

describe('PATCH', () => {
  test('candidates change nothing, new credentials restart ICE and make another ETag', () => {
    const { world, whip } = stage()
    const { etag, sdp } = whip.publish('room', 'obs', encoder)
    const offered = parseDescription(encoder).sections[0]?.transport.ice
    expect(whip.patch('room', 'obs', fragment(offered?.ufrag ?? '', offered?.password), true)).toBeUndefined()
    const told = world.told.length
    const restarted = whip.patch('room', 'obs', fragment('anew'), true)
    expect(world.told.slice(told)).toMatchObject([
      { is: 'restart' },
      { is: 'remote', remote: { ice: { ufrag: 'anew' } } },
    ])
    expect(restarted?.etag).not.toBe(etag)
    const local = world.of('restart')[0]?.local
    const lines = restarted?.fragment.split('\r\n') ?? []
    expect(lines).toEqual(expect.arrayContaining([`a=ice-ufrag:${local?.ufrag}`, `a=ice-pwd:${local?.password}`]))
    expect(lines).toContain('a=ice-lite')
    expect(lines.filter(line => line.startsWith('m='))).toHaveLength(1)
    expect(lines.filter(line => line.startsWith('a=candidate:'))).toHaveLength(1)
    expect(lines.every(line => line === '' || /^[am]=/.test(line))).toBe(true)
    expect(sdp).not.toContain(local?.ufrag)
    expect(whip.patch('room', 'obs', fragment('anew'), true)).toBeUndefined()
  })

  test('without a condition candidates are taken, and new credentials are not', () => {
    const { world, whip } = stage()
    whip.publish('room', 'obs', encoder)
    const offered = parseDescription(encoder).sections[0]?.transport.ice
    const told = world.told.length
    expect(whip.patch('room', 'obs', fragment(offered?.ufrag ?? '', offered?.password), false)).toBeUndefined()
    const alone = 'm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.9 4000 typ host\r\n'
    expect(whip.patch('room', 'obs', alone, false)).toBeUndefined()
    // What browsers know of a candidate: its ufrag, and not the password.
    expect(whip.patch('room', 'obs', `a=ice-options:trickle\r\na=ice-ufrag:anew\r\n${alone}`, false)).toBeUndefined()
    expect(() => whip.patch('room', 'obs', fragment('anew'), false)).toThrow(
      expect.objectContaining({ code: 'unconditional' }),
    )
    expect(world.told).toHaveLength(told)
  })

  test.each([
    ['nothing', ''],
    ['a fragment without a password', 'a=ice-ufrag:abcd\r\n'],
    ['something else', '{"candidate":""}'],
  ])('%s is refused', (_, body) => {
    const { whip } = stage()
    whip.publish('room', 'obs', encoder)
    expect(() => whip.patch('room', 'obs', body, true)).toThrow(expect.objectContaining({ code: 'bad-sdp' }))
    expect(() => whip.patch('room', 'nobody', fragment('anew'), true)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
  })
})

describe('WHEP', () => {
  test('plays picture and sound of the first who sends both, in the payload types of the player', () => {
    const { world, whip } = stage()
    const ann = world.join('ann')
    const bob = world.join('bob')
    ann.publish({ kind: 'audio' })
    bob.publish({ kind: 'video' })
    bob.publish({ kind: 'audio' })
    const { sdp } = whip.play('room', 'tv', player)
    expect(parseDescription(sdp).sections).toMatchObject([
      { direction: 'sendonly', kind: 'audio', sources: [{}] },
      { direction: 'sendonly', kind: 'video', sources: [{}, {}] },
    ])
    const playing = world.rooms.inspect('room')?.participants.find(({ id }) => id === 'tv')?.receives
    expect(playing?.map(({ participant, track }) => `${participant} ${track}`)).toEqual([
      'bob bob-audio-1',
      'bob bob-video-0',
    ])
    const video = world.of('subscribe').find(({ media }) => media.rtxSsrc !== undefined)?.media
    expect(video?.payloadTypes[0]).toEqual({ from: 96, to: 96, rtx: 97 })
    expect(video?.feedback).toEqual(['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'])
  })

  test('what is silent gives way to what flows: to the encoder that came again, and back to nobody who died', () => {
    const { world, whip } = stage()
    const play = (kind: 'audio' | 'video', participant: string, active: boolean) => {
      const transports = world.of('publish').filter(({ media }) => media.kind === kind)
      const index = ['old', 'new', 'ann'].indexOf(participant)
      const publication = transports[index]?.publication ?? -1
      world.rooms.handle(0, { is: 'publication', publication, active, codec: kind === 'audio' ? 'opus' : 'h264' })
    }
    const played = () =>
      world.rooms
        .inspect('room')
        ?.participants.find(({ id }) => id === 'tv')
        ?.receives.map(({ participant }) => participant)
    const { tracks } = whip.publish('room', 'old', encoder)
    world.rooms.setTracks('room', 'old', tracks)
    whip.play('room', 'tv', player)
    play('video', 'old', true)
    play('audio', 'old', true)
    const again = whip.publish('room', 'new', encoder)
    world.rooms.setTracks('room', 'new', again.tracks)
    expect(played()).toEqual(['old', 'old'])
    play('video', 'new', true)
    play('audio', 'new', true)
    expect(played()).toEqual(['old', 'old'])
    play('video', 'old', false)
    expect(played()).toEqual(['old', 'old'])
    play('audio', 'old', false)
    expect(played()).toEqual(['new', 'new'])
    play('video', 'old', true)
    expect(played()).toEqual(['new', 'new'])
    play('video', 'new', false)
    play('audio', 'new', false)
    expect(played()).toEqual(['old', 'old'])
    expect(new Set(world.of('subscribe').map(({ media }) => media.ssrc)).size).toBe(world.of('subscribe').length)
  })

  test('a camera that is off gives way to the same person’s screen that flows, and their sound stays', () => {
    const { world, whip } = stage()
    const ann = world.join('ann')
    ann.publish({ kind: 'video' })
    ann.publish({ kind: 'audio' })
    ann.publish({ kind: 'video' }, 'screen')
    whip.play('room', 'tv', player)
    const [camera, microphone, screen] = world.of('publish').map(({ publication }) => publication)
    const arrives = (publication = -1, active = true) =>
      world.rooms.handle(0, { is: 'publication', publication, active, codec: 'vp8' })
    const played = () => world.rooms.inspect('room')?.participants.find(({ id }) => id === 'tv')?.receives
    for (const one of [camera, microphone, screen]) arrives(one)
    expect(played()).toMatchObject([{ track: 'ann-audio-1' }, { track: 'ann-video-0' }])
    arrives(camera, false)
    expect(played()).toMatchObject([{ track: 'ann-audio-1' }, { track: 'ann-video-2' }])
  })

  test('plays one participant alone, who may come later, and come back, with sources that are never used twice', () => {
    const { world, whip } = stage()
    world.join('bob').publish({ kind: 'video' })
    whip.play('room', 'tv', player, 'ann')
    expect(world.of('subscribe')).toEqual([])
    world.join('ann').publish({ kind: 'video' })
    expect(world.of('subscribe')).toHaveLength(1)
    world.leave('ann')
    expect(world.of('unsubscribe')).toHaveLength(1)
    world.join('ann').publish({ kind: 'video' })
    const [first, second] = world.of('subscribe')
    expect(second?.media.ssrc).not.toBe(first?.media.ssrc)
    expect(second?.media.payloadTypes).toEqual(first?.media.payloadTypes)
  })

  test('does not move to somebody else while what it plays goes on', () => {
    const { world, whip } = stage()
    const zoe = world.join('zoe')
    world.join('ann').publish({ kind: 'video' })
    whip.play('room', 'tv', player)
    zoe.publish({ kind: 'video' })
    expect(world.of('subscribe').map(({ publication }) => publication)).toHaveLength(1)
    world.leave('ann')
    expect(world.rooms.inspect('room')?.participants.find(({ id }) => id === 'tv')?.receives).toMatchObject([
      { participant: 'zoe' },
    ])
  })

  test('a player that takes no retransmissions is told of no source for them', () => {
    const { whip } = stage()
    expect(whip.play('room', 'tv', player).sdp).toContain('a=ssrc-group:FID')
    const plain = player.replaceAll(/a=(?:rtpmap:\d+ rtx|fmtp:\d+ apt=).*\r\n/g, '')
    expect(whip.play('room', 'old-tv', plain).sdp).not.toContain('a=ssrc-group')
  })

  test('restarts ICE, and ends with its transport', () => {
    const { world, whip } = stage()
    whip.play('room', 'tv', player)
    expect(whip.patch('room', 'tv', fragment('anew'), true)?.fragment).toContain('a=ice-ufrag:')
    const [open] = world.of('open')
    world.rooms.handle(0, { is: 'transport', transport: open?.transport ?? 0, state: 'failed', why: 'no consent' })
    expect(world.lost).toMatchObject([{ participant: 'tv', side: 'subscribe', why: 'no consent' }])
    expect(world.rooms.counters().connections).toBe(0)
    whip.close('room', 'tv')
    whip.close('room', 'tv')
    expect(world.rooms.counters().participants).toBe(0)
  })
})
