import { describe, expect, test } from 'vitest'
import { isRtp, type RtpSection, type Section } from './model.ts'
import { NegotiationError } from './negotiation-error.ts'
import { parseDescription } from './parse.ts'
import { descriptionNames, readDescription } from './testing/descriptions.ts'
import { writeDescription } from './write.ts'

function rtp(section: Section | undefined): RtpSection {
  if (!section || !isRtp(section)) throw new TypeError('That section has no RTP.')
  return section
}

function refusal(sdp: string): string {
  try {
    parseDescription(sdp)
  } catch (error) {
    if (error instanceof NegotiationError) return error.code
    throw error
  }
  return 'accepted'
}

describe.each(descriptionNames)('%s', name => {
  const description = parseDescription(readDescription(name))

  test('has a mid, ICE and a fingerprint in every section', () => {
    expect(description.sections.length).toBeGreaterThan(0)
    for (const { mid, transport, rejected } of description.sections) {
      expect(mid).not.toBe('')
      if (rejected) continue
      expect(transport.ice?.ufrag.length).toBeGreaterThanOrEqual(4)
      expect(transport.fingerprints[0]?.algorithm).toBe('sha-256')
      expect(transport.setup).toBeDefined()
    }
  })

  test('survives being written and read again', () => {
    // We write what we are: one fingerprint.
    const live = description.sections.map(section => {
      const transport = section.rejected ? description.sections[1]?.transport : section.transport
      return {
        ...section,
        rejected: false,
        transport: { ...transport, fingerprints: transport?.fingerprints.slice(0, 1) },
      }
    })
    const model = { ...description, sections: live as Section[] }
    expect(parseDescription(writeDescription(model))).toEqual(model)
  })
})

test('Chromium: codecs in order, each with its retransmissions, feedback and parameters', () => {
  const [audio, video] = parseDescription(readDescription('chromium-audio-video.offer')).sections.map(rtp)
  expect(audio?.codecs.slice(0, 2).map(({ name, payloadType }) => `${name}/${payloadType}`)).toEqual([
    'opus/111',
    'g722/9',
  ])
  const red = { payloadType: 63, preferred: false }
  expect(audio?.codecs[0]).toMatchObject({ channels: 2, parameters: 'minptime=10;useinbandfec=1', red })
  expect(audio?.codecs.some(({ name }) => name === 'red')).toBe(false)
  const vp8 = video?.codecs[0]
  expect(vp8).toMatchObject({ name: 'vp8', rtxPayloadType: 97, clockRate: 90_000, channels: 1 })
  expect(vp8?.feedback).toEqual(['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'])
  expect(video?.groups).toEqual([{ semantics: 'FID', ssrcs: video?.sources.map(({ ssrc }) => ssrc) }])
  expect(video?.codecs.some(({ name }) => name === 'rtx')).toBe(false)
})

test('RED is a part of the codec that it repeats, if it says so and runs by its clock', () => {
  const sdp = readDescription('chromium-audio-video.offer')
  const redOf = (from: string, to: string) => {
    const [audio] = parseDescription(sdp.replace(from, to)).sections.map(rtp)
    return audio?.codecs.find(({ name }) => name === 'opus')?.red
  }
  expect(redOf('SAVPF 111 63 ', 'SAVPF 63 111 ')).toEqual({ payloadType: 63, preferred: true })
  expect(redOf('fmtp:63 111/111', 'fmtp:63 111')).toEqual({ payloadType: 63, preferred: false })
  for (const other of ['', '111/0', '111/111/', '63/63', '999/999', '111 111']) {
    expect(redOf('fmtp:63 111/111', `fmtp:63 ${other}`)).toBeUndefined()
  }
  expect(redOf('red/48000/2', 'red/8000')).toBeUndefined()
})

test('Chromium: the three layers of simulcast', () => {
  const [video] = parseDescription(readDescription('chromium-simulcast.offer')).sections.map(rtp)
  expect(video?.rids).toEqual(['l', 'm', 'h'].map(id => ({ id, direction: 'send' })))
  expect(video?.simulcast).toEqual([
    { direction: 'send', streams: ['l', 'm', 'h'].map(rid => ({ rid, paused: false })) },
  ])
})

test('Chromium: a stopped transceiver is a rejected section', () => {
  expect(parseDescription(readDescription('chromium-stopped-video.offer')).sections.map(s => s.rejected)).toEqual([
    false,
    true,
  ])
})

test('Firefox: fingerprint of the session, braces around ids, extensions of the other way left out', () => {
  const [audio, video] = parseDescription(readDescription('firefox-audio-video.offer')).sections.map(rtp)
  expect(audio?.transport.fingerprints).toHaveLength(1)
  expect(audio?.msids[0]?.stream).toBe('{1f0c2d3e-4b5a-6978-8796-a5b4c3d2e1f0}')
  expect(video?.extensions).not.toHaveProperty('http://www.webrtc.org/experiments/rtp-hdrext/playout-delay')
  expect(video?.simulcast[0]?.streams.map(({ rid }) => rid)).toEqual(['hi', 'lo'])
})

test('static payload types need no rtpmap', () => {
  const sdp = readDescription('chromium-audio-video.offer').replace(/a=rtpmap:[08] .*\r\n/g, '')
  const [audio] = parseDescription(sdp).sections.map(rtp)
  expect(audio?.codecs.map(({ name }) => name)).toEqual(expect.arrayContaining(['pcmu', 'pcma']))
})

test('what is not read may be as long as it likes', () => {
  const sdp = readDescription('obs.offer').replace(
    't=0 0',
    `i=${'x'.repeat(9000)}\r\na=x-more:${'x'.repeat(9000)}\r\nt=0 0`,
  )
  expect(parseDescription(sdp)).toEqual(parseDescription(readDescription('obs.offer')))
})

test.each([
  ['send 1;2;3', ['1', '2', '3']],
  ['send 3;~1;2', ['3', '~1', '2']],
  ['send 1,2;3', ['1', '3']],
  ['send 9,~2;3', ['~2', '3']],
  ['send 9;3', ['3']],
  ['recv r send 2;1', ['2', '1']],
])('a=simulcast:%s: of alternatives the first that has a rid line', (simulcast, expected) => {
  const rids = `${['1', '2', '3'].map(rid => `a=rid:${rid} send\r\n`).join('')}a=rid:r recv\r\n`
  const [, video] = parseDescription(`${readDescription('obs.offer')}${rids}a=simulcast:${simulcast}\r\n`).sections.map(
    rtp,
  )
  const { streams = [] } = video?.simulcast.find(({ direction }) => direction === 'send') ?? {}
  expect(streams.map(({ rid, paused }) => `${paused ? '~' : ''}${rid}`)).toEqual(expected)
})

test.each([
  ['sendonly', ['', '/sendonly', '/sendrecv'], ['/recvonly', '/inactive']],
  ['sendrecv', ['', '/sendonly', '/sendrecv'], ['/recvonly', '/inactive']],
  ['recvonly', ['', '/recvonly', '/sendrecv'], ['/sendonly', '/inactive']],
])('of a section that is %s, header extensions that go its way', (direction, taken, left) => {
  const mid = 'urn:ietf:params:rtp-hdrext:sdes:mid'
  const idOf = (suffix: string) => {
    const sdp = readDescription('obs.offer').replaceAll('a=sendonly', `a=${direction}\r\na=extmap:20${suffix} ${mid}`)
    return rtp(parseDescription(sdp).sections[1]).extensions[mid]
  }
  expect(taken.map(idOf)).toEqual(taken.map(() => 20))
  expect(left.map(idOf)).toEqual(left.map(() => undefined))
})

test('a section without a mid is given one that no other has', () => {
  const sdp = `${readDescription('obs.offer').replace('a=mid:1', 'a=mid:unnamed-2').replace('BUNDLE 0 1', 'BUNDLE 0 unnamed-2')}m=video 0 RTP/AVP 0\r\n`
  expect(parseDescription(sdp).sections.map(({ mid }) => mid)).toEqual(['0', 'unnamed-2', 'unnamed-2-'])
})

test('retransmissions name their codec with or without blanks', () => {
  const sdp = readDescription('chromium-audio-video.offer').replace(
    'a=fmtp:97 apt=96',
    'a=fmtp:97 rtx-time=300; apt = 96',
  )
  expect(rtp(parseDescription(sdp).sections[1]).codecs[0]?.rtxPayloadType).toBe(97)
})

describe('what is refused', () => {
  const sdp = readDescription('chromium-audio-video.offer')

  test.each([
    ['nothing', '', 'bad-sdp'],
    ['something else', 'hello', 'bad-sdp'],
    ['another version', sdp.replace('v=0', 'v=1'), 'bad-sdp'],
    ['two sections of one mid', sdp.replace('a=mid:1', 'a=mid:0'), 'bad-sdp'],
    ['a mid that is no token', sdp.replace('a=mid:1', 'a=mid:"1"'), 'bad-sdp'],
    ['a password that is too short', sdp.replace(/a=ice-pwd:.*/g, 'a=ice-pwd:short'), 'bad-sdp'],
    ['a fingerprint that is too long', sdp.replace(/sha-256 (.*)/g, 'sha-256 $1:00'), 'not-usable'],
    ['a fingerprint that is too short', sdp.replace(/sha-256 (...)/g, 'sha-512 '), 'not-usable'],
    ['a weak fingerprint', sdp.replace(/sha-256 .*/g, 'sha-1 00:11:22'), 'not-usable'],
    ['too much text', `${sdp}${'a=x:y\r\n'.repeat(40_000)}`, 'too-large'],
    ['too many lines', `${sdp}${'a=\n'.repeat(17_000)}`, 'too-large'],
    ['a line that is too long', `${sdp}a=fmtp:96 ${'x'.repeat(9000)}\r\n`, 'too-large'],
    ['a section of too many lines', `${sdp}${'a=candidate:1\r\n'.repeat(1100)}`, 'too-large'],
    ['too many header extensions', `${sdp}${'a=extmap:1 urn:x\r\n'.repeat(65)}`, 'too-large'],
    ['too many payload types', sdp.replace(' 111 ', ` ${'111 '.repeat(130)}`), 'too-large'],
    ['too many sections', `${sdp}${'m=audio 9 RTP/AVP 0\r\n'.repeat(257)}`, 'too-large'],
  ])('%s', (_, text, code) => {
    expect(refusal(text)).toBe(code)
  })

  test('unknown attributes, codecs and extensions are left out, and never written', () => {
    const secret = 'echo-me'
    const poisoned = sdp
      .replaceAll('a=rtcp-mux', `a=rtcp-mux\r\na=${secret}:1\r\na=extmap:12 urn:${secret}\r\na=extmap:13 __proto__`)
      .replaceAll('a=fmtp:111 ', `a=fmtp:111 ${secret}\u0007`)
    const written = writeDescription(parseDescription(poisoned))
    expect(written).not.toContain(secret)
    expect(written).not.toContain('__proto__')
  })
})
