import { describe, expect, test } from 'vitest'
import { World } from '../rooms/testing/world.ts'
import { isRtp } from '../sdp/model.ts'
import { parseDescription } from '../sdp/parse.ts'
import { readDescription } from '../sdp/testing/descriptions.ts'
import { Whip } from './whip.ts'

function stage() {
  const world = new World()
  return { world, whip: new Whip(world.rooms) }
}

function publish(sdp: string) {
  const { world, whip } = stage()
  const { sdp: answer, tracks } = whip.publish('room', 'encoder', sdp)
  return { world, answer, tracks, sections: parseDescription(answer).sections }
}

function refusal(sdp: string): string {
  const { world, whip } = stage()
  try {
    whip.publish('room', 'encoder', sdp)
  } catch (error) {
    expect(world.rooms.counters().participants).toBe(0)
    return String(error)
  }
  return 'accepted'
}

/** Of each section, the codecs that were answered, as the offer numbers them. */
const payloadTypes = (answer: string) =>
  parseDescription(answer).sections.map(section =>
    isRtp(section) ? section.codecs.map(({ payloadType }) => payloadType) : [],
  )

describe('encoders: everything they send is taken', () => {
  test.each([
    ['obs.offer', [[111], [96]]],
    ['obs-simulcast.offer', [[111], [96]]],
    ['obs-hevc.offer', [[111], [96]]],
    ['ffmpeg-8.offer', [[111], [106]]],
    ['gstreamer-whipsink.offer', [[96], [97]]],
    [
      'pion.offer',
      [
        [96, 106],
        [111, 0, 8],
      ],
    ],
    ['aiortc.offer', [[96, 0, 8], [97]]],
    ['larix.offer', [[111], [96]]],
    ['rfc9725-figure-2.offer', [[111], [96]]],
    [
      'safari-audio-video.offer',
      [
        [111, 0, 8],
        [98, 100],
      ],
    ],
    [
      'firefox-audio-video.offer',
      [
        [109, 0, 8],
        [120, 126],
      ],
    ],
  ])('%s', (name, expected) => {
    const { answer, tracks, sections } = publish(readDescription(name))
    expect(payloadTypes(answer)).toEqual(expected)
    expect(sections.map(({ rejected }) => rejected)).toEqual([false, false])
    expect(tracks.map(({ source }) => source).sort()).toEqual(['camera', 'microphone'])
  })

  test('a bundle that stands on a data channel carries the picture', () => {
    const sdp = readDescription('data-first.offer')
    const { world, sections } = publish(sdp)
    expect(sections.map(({ rejected }) => rejected)).toEqual([true, false])
    expect(world.of('open')[0]?.remote?.ice.ufrag).toBe('dAtA')
    expect(publish(sdp.replace('m=application 9', 'm=application 0')).world.of('open')[0]?.remote?.ice.ufrag).toBe(
      'dAtA',
    )
  })

  test('RFC 9725 figure 2: the second section shares what the tagged one says', () => {
    const [, video] = parseDescription(readDescription('rfc9725-figure-2.offer')).sections
    expect(video).toMatchObject({ rejected: false, rtcpMux: true, rtcpReducedSize: true })
    expect(video?.transport).toMatchObject({ ice: { ufrag: 'EsAw' }, setup: 'actpass' })
  })

  test('parameter sets of the offer are for receivers, not for the answer', () => {
    const { world, answer, tracks } = publish(readDescription('gstreamer-whipsink.offer'))
    expect(answer).not.toContain('sprop-parameter-sets')
    expect(world.of('publish')[0]?.media.codecs[0]?.parameters).toContain('sprop-parameter-sets=Z0LAH9')
    const ann = world.join('ann')
    world.rooms.setTracks('room', 'encoder', tracks)
    const offer = ann.inbox[0]?.signal
    expect(offer?.kind === 'description' && offer.description.sdp).toContain('sprop-parameter-sets=Z0LAH9')
  })
})

describe('what is a little wrong is read as it is meant', () => {
  const sdp = readDescription('obs.offer')
  test.each([
    ['a byte order mark', `\uFEFF${sdp}`],
    ['a blank line first', `\r\n${sdp}`],
    ['blank lines between', sdp.replaceAll('\r\n', '\r\n\r\n')],
    ['line feeds alone', sdp.replaceAll('\r\n', '\n')],
    [
      'another fingerprint after it',
      sdp.replace(/(a=fingerprint.*\r\n)/, `$1a=fingerprint:sha-1 ${'AB:'.repeat(19)}AB\r\n`),
    ],
    [
      'another fingerprint before it',
      sdp.replace('a=fingerprint', `a=fingerprint:sha-1 ${'AB:'.repeat(19)}AB\r\na=fingerprint`),
    ],
    ['Opus without channels', sdp.replace('opus/48000/2', 'opus/48000')],
    ['no packetization mode', sdp.replace('packetization-mode=1;', '')],
    ['seven digits', sdp.replace('42e01f', '422001f')],
    ['no level', sdp.replace('42e01f', '6408')],
    ['a profile without a name', sdp.replace('42e01f', '2c001f')],
    ['ICE credentials in Base64, to its end', sdp.replace(/a=ice-pwd:.*/, 'a=ice-pwd:MWc2a1Q0bVF5Mlp4Vzh2TnM=')],
    ['returns alone', sdp.replaceAll('\r\n', '\r')],
    ['blanks behind lines', sdp.replaceAll('\r\n', ' \t\r\n')],
    ['no direction', sdp.replaceAll('a=sendonly\r\n', '')],
    ['both directions', sdp.replaceAll('a=sendonly', 'a=sendrecv')],
  ])('%s', (_, text) => {
    const { tracks, sections } = publish(text)
    expect(tracks).toHaveLength(2)
    expect(sections).toMatchObject([{ direction: 'recvonly' }, { direction: 'recvonly' }])
  })

  test.each([
    ['text', 'm=text 9 RTP/AVP 98\r\na=mid:t\r\n'],
    ['floor control', 'm=application 9 UDP/BFCP *\r\n'],
    ['a rejected picture without a mid', 'm=video 0 UDP/TLS/RTP/SAVPF 120\r\n'],
    ['something that nobody knows', 'm=image 9 udptl t38\r\na=mid:fax\r\n'],
    ['a data channel', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\na=sctp-port:5000\r\n'],
    [
      'a data channel as it was',
      'm=application 9 DTLS/SCTP 5000\r\na=mid:d\r\na=sctpmap:5000 webrtc-datachannel 256\r\n',
    ],
  ])('%s is rejected alone', (_, lines) => {
    const { sections, tracks, answer } = publish(sdp + lines)
    expect(sections.map(({ rejected }) => rejected)).toEqual([false, false, true])
    expect(tracks).toHaveLength(2)
    const [, media = '', protocol = '', format = ''] = /^m=(\w+) \d+ (\S+) (\S+)/.exec(lines) ?? []
    // Of what it lists, codecs that we do not know are none.
    expect(answer).toContain(`\nm=${media} 0 ${protocol} ${media === 'video' ? 0 : format}\r\n`)
    expect(/^a=mid/m.test(answer.slice(answer.lastIndexOf('m=')))).toBe(lines.includes('a=mid'))
  })

  test('one section needs neither a mid nor a bundle', () => {
    const alone = sdp.slice(0, sdp.indexOf('m=video')).replace(/a=group.*\r\n/g, '')
    const { sections, answer } = publish(alone.replace('a=mid:0\r\n', ''))
    expect(sections).toMatchObject([{ rejected: false }])
    expect(answer).not.toContain('a=mid')
    expect(answer).not.toContain('a=group')
  })
})

describe('what cannot be taken whole is refused whole, and the refusal says what and why', () => {
  const sdp = readDescription('obs.offer')
  test.each([
    ['no bundle', readDescription('gstreamer-webrtcbin-unbundled.offer'), /a=group:BUNDLE.*max-bundle/],
    ['a section outside the bundle', sdp.replace('BUNDLE 0 1', 'BUNDLE 0'), /Section 1 \(video\).*BUNDLE/],
    [
      'a codec that is not forwarded',
      sdp.replace('H264/90000', 'MP4V-ES/90000'),
      /Section 1 \(video\).*mp4v-es\/90000.*H264/,
    ],
    ['interleaved H.264', sdp.replace('packetization-mode=1', 'packetization-mode=2'), /\(video\).*h264.*-mode=2/],
    ['a static payload type', sdp.replace(' 111\r\n', ' 9\r\n'), /Section 0 \(audio\).*g722\/8000/],
    ['surround sound', sdp.replace('opus/48000/2', 'multiopus/48000/6'), /Section 0 \(audio\).*multiopus\/48000\/6/],
    ['nobody who looks for a way', sdp.replace('t=0 0', 't=0 0\r\na=ice-lite'), /ice-lite/],
    ['nobody who begins DTLS', sdp.replace('a=setup:actpass', 'a=setup:holdconn'), /holdconn/],
    ['nothing that is sent', sdp.replaceAll('a=sendonly', 'a=recvonly'), /sends nothing/],
    [
      'two sections that cannot be told apart',
      sdp
        .replaceAll(/a=ssrc.*\r\n/g, '')
        .replace(' 111\r\n', ' 96\r\n')
        .replaceAll(':111 ', ':96 '),
      /Sections 0 and 1 share payload type 96/,
    ],
    ['RTP that is not encrypted', sdp.replace(/m=video 9 \S+/, 'm=video 9 RTP/AVPX'), /Section 1 \(video\).*RTP\/AVPX/],
    ['a third picture', sdp + third(sdp, '2') + third(sdp, '3'), /more than two pictures/],
  ])('%s', (_, text, why) => {
    expect(refusal(text.replace('BUNDLE 0 1', text.includes('a=mid:3') ? 'BUNDLE 0 1 2 3' : 'BUNDLE 0 1'))).toMatch(why)
  })
})

function third(sdp: string, mid: string): string {
  return sdp
    .slice(sdp.indexOf('m=video'))
    .replace('a=mid:1', `a=mid:${mid}`)
    .replaceAll('1471852964', `147185297${mid}`)
    .replaceAll('qWzPTzVbUDUq-video', `more-${mid}`)
}
