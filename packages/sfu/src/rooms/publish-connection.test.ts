import { expect, test } from 'vitest'
import { isRtp } from '../sdp/model.ts'
import { parseDescription } from '../sdp/parse.ts'
import { descriptionNames, readDescription } from '../sdp/testing/descriptions.ts'
import { PublishConnection } from './publish-connection.ts'
import { Secrets } from './secrets.ts'
import { seeded } from './testing/world.ts'

const local = {
  fingerprint: { algorithm: 'sha-256' as const, value: Array.from({ length: 32 }, () => 'AB').join(':') },
  candidates: [],
}

function connection(): PublishConnection {
  return new PublishConnection(local, new Secrets(seeded()))
}

function publish(sdp: string) {
  const { tracks, sdp: answer, ...rest } = connection().answer(parseDescription(sdp))
  return { ...rest, tracks, answer: parseDescription(answer) }
}

const offers = descriptionNames.filter(name => name.endsWith('.offer') && !name.endsWith('-unbundled.offer'))

test.each(offers)('%s: the answer fits the offer', name => {
  const offer = parseDescription(readDescription(name))
  const { answer, transport } = publish(readDescription(name))
  expect(answer.iceLite).toBe(true)
  expect(answer.sections.map(({ mid, kind }) => [mid, kind])).toEqual(
    offer.sections.map(({ mid, kind }) => [mid, kind]),
  )
  for (const [index, section] of answer.sections.entries()) {
    const offered = offer.sections[index]
    expect(answer.bundle.includes(section.mid)).toBe(!section.rejected)
    if (section.rejected || !isRtp(section) || !offered || !isRtp(offered)) continue
    expect(section.transport.setup).toBe('passive')
    expect(section.transport.ice).toEqual(transport?.local)
    expect(section.direction).toBe(
      offered?.direction === 'sendonly' || offered?.direction === 'sendrecv' ? 'recvonly' : 'inactive',
    )
    // RFC 3264 §6.1: nothing that was not offered, in the offer's order, under the offer's numbers.
    const numbers = offered?.codecs.map(({ payloadType }) => payloadType) ?? []
    const places = section.codecs.map(({ payloadType }) => numbers.indexOf(payloadType))
    expect(places).toEqual([...places].filter(place => place >= 0).sort((a, b) => a - b))
    for (const [uri, id] of Object.entries(section.extensions)) expect(offered?.extensions[uri]).toBe(id)
  }
})

test('Chromium: one source with its retransmissions; codecs by name and profile', () => {
  const { tracks } = publish(readDescription('chromium-audio-video.offer'))
  const [audio, video] = tracks.map(({ media }) => media)
  expect(audio?.codecs.map(({ name }) => name)).toEqual(['opus', 'pcmu', 'pcma'])
  expect(video?.encodings).toEqual([{ rid: undefined, ssrc: expect.any(Number), rtxSsrc: expect.any(Number) }])
  expect(
    video?.codecs.map(({ name, parameters }) => `${name} ${/profile[\w-]*=\w+/.exec(parameters)?.[0] ?? ''}`),
  ).toEqual([
    'vp8 ',
    'h264 profile-level-id=42001f',
    'h264 profile-level-id=42001f',
    'h264 profile-level-id=42e01f',
    'h264 profile-level-id=42e01f',
    'h264 profile-level-id=4d001f',
    'h264 profile-level-id=4d001f',
    'av1 profile=0',
    'vp9 profile-id=0',
    'vp9 profile-id=2',
  ])
})

test('RED is answered where it was offered, and stands where the publisher wants it', () => {
  const chromium = readDescription('chromium-audio-video.offer')
  const answered = (sdp: string) => connection().answer(parseDescription(sdp)).sdp
  expect(answered(chromium)).toMatch(/m=audio 9 UDP\/TLS\/RTP\/SAVPF 111 63 0 8\r\n/)
  const preferred = answered(chromium.replace('SAVPF 111 63 ', 'SAVPF 63 111 '))
  expect(preferred).toMatch(/m=audio 9 UDP\/TLS\/RTP\/SAVPF 63 111 0 8\r\n/)
  expect(preferred).toContain('a=rtpmap:63 red/48000/2\r\n')
  expect(preferred).toContain('a=fmtp:63 111/111\r\n')
  for (const name of ['firefox-audio-video.offer', 'aiortc.offer', 'obs.offer'] as const) {
    expect(answered(readDescription(name))).not.toContain(' red/')
  }
})

test('layers by rid, by source group, and none', () => {
  const byRid = publish(readDescription('chromium-simulcast.offer'))
  expect(byRid.tracks[0]?.media.encodings.map(({ rid }) => rid)).toEqual(['l', 'm', 'h'])
  expect(byRid.answer.sections).toMatchObject([
    { simulcast: [{ direction: 'recv', streams: [{ rid: 'l' }, { rid: 'm' }, { rid: 'h' }] }] },
  ])
  const bySource = readDescription('safari-audio-video.offer').replace(
    'a=ssrc-group:FID 1357913579 2468024680',
    ['SIM 1357913579 7 8', 'FID 1357913579 2468024680', 'FID 7 9'].map(group => `a=ssrc-group:${group}`).join('\r\n'),
  )
  expect(publish(bySource).tracks[1]?.media.encodings).toEqual([
    { rid: undefined, ssrc: 1_357_913_579, rtxSsrc: 2_468_024_680 },
    { rid: undefined, ssrc: 7, rtxSsrc: 9 },
    { rid: undefined, ssrc: 8, rtxSsrc: undefined },
  ])
  const unsaid = readDescription('safari-audio-video.offer').replace(/a=ssrc.*\r\n/g, '')
  expect(publish(unsaid).tracks[1]?.media.encodings).toEqual([{ rid: undefined, ssrc: undefined, rtxSsrc: undefined }])
})

test('a source belongs to the first section that claims it', () => {
  const sdp = readDescription('safari-audio-video.offer').replaceAll('2951847306', '1357913579')
  const [audio, video] = publish(sdp).tracks.map(({ media }) => media.encodings[0])
  expect(audio?.ssrc).toBe(1_357_913_579)
  expect(video?.ssrc).toBeUndefined()
})

test('what is outside the bundle, or in none of our codecs, is rejected in its place', () => {
  const sdp = readDescription('chromium-audio-video.offer')
  const rejected = (changed: string) => publish(changed).answer.sections.map(section => section.rejected)
  expect(rejected(sdp.replace('BUNDLE 0 1', 'BUNDLE 1'))).toEqual([true, false])
  expect(() => rejected(sdp.replace(/a=group.*\r\n/, ''))).toThrow(/a=group:BUNDLE/)
  expect(
    rejected(
      sdp
        .replaceAll('opus', 'speex')
        .replace(/a=rtpmap:[08] .*\r\n/g, '')
        .replace('111 63 9 0 8', '111 63 9'),
    ),
  ).toEqual([true, false])
})

test('who offers to wait for DTLS is the server, and we the client', () => {
  const sdp = readDescription('chromium-audio-video.offer').replaceAll('setup:actpass', 'setup:passive')
  const { transport, answer } = publish(sdp)
  expect(transport?.role).toBe('client')
  expect(answer.sections[0]?.transport.setup).toBe('active')
})

test('sections may not move, change their kind or disappear', () => {
  const both = parseDescription(readDescription('chromium-audio-video.offer'))
  const again = (sections: typeof both.sections) => {
    const publisher = connection()
    publisher.answer(both)
    return () => publisher.answer({ ...both, sections })
  }
  const [audio, video] = both.sections
  if (!audio || !video) throw new TypeError('There are two.')
  const refused = expect.objectContaining({ code: 'bad-sdp' })
  expect(again([video, audio])).toThrow(refused)
  expect(again([audio])).toThrow(refused)
  expect(again([{ ...audio, mid: '9' }, video])).toThrow(refused)
  expect(
    again([
      { ...video, mid: '0' },
      { ...audio, mid: '1' },
    ]),
  ).toThrow(refused)
  expect(again([audio, { ...video, rejected: true }])).not.toThrow()
})
