import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import english from '../locales/en/sdp.ts'
import { agree } from './agree.ts'
import { h264Profile } from './codecs.ts'
import { diffSdp } from './diff.ts'
import { explain } from './explain.ts'
import { sdpFindings } from './findings.ts'
import { freshen } from './freshen.ts'
import { attribute, parseSdp, unwrap } from './parse.ts'

const folder = new URL('./testdata/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const captured = readdirSync(folder).filter(name => name.endsWith('.sdp'))
const texts: Readonly<Record<string, string>> = english

describe('the parser', () => {
  it('finds the sections of a captured offer, with the place of each line', () => {
    const text = read('everything.offer.sdp')
    const sdp = parseSdp(text)
    expect(sdp.sections.map(({ kind, index, mid }) => `${index} ${kind} ${mid}`)).toEqual([
      '-1 session undefined',
      '0 audio 0',
      '1 video 1',
      '2 video 2',
      '3 audio 3',
      '4 application 4',
    ])
    for (const line of sdp.lines) expect(text.slice(line.offset).startsWith(line.text)).toBe(true)
    expect(sdp.lines.every(({ problem }) => problem === undefined)).toBe(true)
    expect(attribute(sdp.sections[1]?.lines ?? [], 'mid')).toBe('0')
  })

  it('keeps what it cannot read as a line with a problem', () => {
    const { lines } = parseSdp('v=0\nnonsense\n a=mid:0\nq=1\na=:x\n\n')
    expect(lines.map(({ number, problem }) => [number, problem])).toEqual([
      [1, undefined],
      [2, 'no-equals'],
      [3, 'spaces'],
      [4, 'unknown-type'],
      [5, 'empty-name'],
    ])
  })

  it('takes what people paste', () => {
    const sdp = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n'
    expect(unwrap(JSON.stringify({ type: 'offer', sdp }))).toBe(sdp)
    expect(unwrap(JSON.stringify(sdp))).toBe(sdp)
    expect(unwrap('{"sdp":')).toBe('{"sdp":')
    const packed = btoa(JSON.stringify({ type: 'offer', sdp }))
    const wrapped = [
      `type: offer, sdp: ${sdp}`,
      sdp.replaceAll('\r\n', String.raw`\r\n`),
      `"sdp": "${sdp.replaceAll('\r\n', String.raw`\r\n`)}",`,
      `setRemoteDescription {type: 'offer', sdp: '${sdp.replaceAll('\r\n', String.raw`\n`)}'}`,
      btoa(sdp),
      packed,
      packed.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
      packed.replaceAll(/(.{20})/g, '$1\n'),
      encodeURIComponent(sdp),
      JSON.stringify({ jsep: { type: 'offer', sdp } }),
      JSON.stringify(JSON.stringify({ sdp })),
      `\ufeff${sdp}`,
    ]
    for (const text of wrapped) expect(unwrap(text), text).toBe(sdp)
    for (const text of ['', 'hello world, nothing here', 'aGVsbG8gd29ybGQgaGVsbG8=', '[]', '{"a":1}'])
      expect(unwrap(text)).toBe(text)
    expect(unwrap(sdp)).toBe(sdp)
  })

  it('never throws, whatever is pasted', () => {
    const letters = fc.constantFrom(
      'a',
      'm',
      'v',
      '=',
      ':',
      ' ',
      '\n',
      '\r',
      'fmtp',
      'candidate',
      'rtpmap',
      '1',
      '/',
      ';',
    )
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 60 }), parts => {
        const sdp = parseSdp(parts.join(''))
        for (const section of sdp.sections) for (const line of section.lines) explain(line, section)
        sdpFindings(sdp, sdp, agree(sdp, sdp))
        diffSdp(sdp, parseSdp(''))
      }),
    )
  })
})

describe('an answer is judged as its RFCs demand', () => {
  const section = (more: string, kind = 'audio', mid = '0') =>
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:${mid}\r\na=rtpmap:111 opus/48000/2\r\n${more
      .split(' ')
      .map(line => `a=${line}\r\n`)
      .join('')}`
  const whole = (...sections: readonly string[]) =>
    parseSdp(
      `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=fingerprint:sha-256 AA\r\na=ice-ufrag:x\r\n${sections.join('')}`,
    )
  const offer = (more: string) => whole(section(`${more} rtcp-mux`))
  const bad = (left: ReturnType<typeof whole>, right: ReturnType<typeof whole>) =>
    sdpFindings(left, right, agree(left, right)).flatMap(({ id, status }) => (status === 'pass' ? [] : [id]))

  it('finds nothing in a good one', () => {
    expect(bad(offer('setup:actpass sendrecv'), offer('setup:active sendrecv'))).toEqual([])
    expect(bad(offer('setup:actpass sendonly'), offer('setup:passive recvonly'))).toEqual([])
  })
  it.each([
    ['setup:actpass sendrecv', 'setup:actpass sendrecv', 'answer-setup'],
    ['setup:active sendrecv', 'setup:active sendrecv', 'answer-setup'],
    ['setup:actpass recvonly', 'setup:active recvonly', 'answer-direction'],
    ['setup:actpass sendonly', 'setup:active sendonly', 'answer-direction'],
    ['setup:actpass sendonly', 'setup:active sendrecv', 'answer-direction'],
    ['setup:actpass inactive', 'setup:active recvonly', 'answer-direction'],
  ])('%s answered with %s: %s', (left, right, fault) => {
    expect(bad(offer(left), offer(right))).toEqual([fault, 'agreed'])
  })
  it('knows its other rules', () => {
    const good = offer('setup:actpass sendrecv')
    expect(bad(good, whole(section('setup:active sendrecv')))).toContain('answer-rtcp-mux')
    expect(bad(good, whole(section('setup:active rtcp-mux', 'audio', '7')))).toContain('answer-mid')
    expect(bad(good, whole(section('setup:active rtcp-mux', 'video')))).toContain('answer-kind')
    const two = whole(section('setup:active rtcp-mux'), section('setup:active rtcp-mux', 'video', '1'))
    expect(bad(good, two)).toContain('answer-extra')
    expect(bad(offer('setup:actpass sendrecv'), offer('setup:active inactive'))).toEqual(['nobody-sends'])
  })
  it('has a sentence and a remedy for each', () => {
    for (const fault of ['setup', 'direction', 'kind', 'mid', 'bundle', 'rtcp-mux', 'extra']) {
      expect(texts).toHaveProperty([`finding.answer-${fault}.fail`])
      expect(texts).toHaveProperty([`remedy.answer-${fault}.fail`])
    }
  })
})

describe('the explanations', () => {
  it.each(captured)('know every line of %s, in words that exist', name => {
    const sdp = parseSdp(read(name))
    for (const section of sdp.sections) {
      for (const line of section.lines) {
        const parts = explain(line, section)
        expect(parts, line.text).not.toEqual([])
        for (const { key, source } of parts) {
          expect(texts[`line.${key}`], `line.${key}`).toBeTypeOf('string')
          expect(key, line.text).not.toMatch(/other$/)
          expect(source).not.toBe('')
        }
      }
    }
  })

  it('leave no hole in a sentence unfilled', () => {
    for (const name of captured) {
      const sdp = parseSdp(read(name))
      for (const section of sdp.sections)
        for (const line of section.lines)
          for (const { key, params = {} } of explain(line, section))
            for (const [, hole] of (texts[`line.${key}`] ?? '').matchAll(/{{(\w+)}}/g))
              expect(params[hole ?? ''], `${line.text}: ${hole}`).toBeTruthy()
    }
  })

  it('read an H.264 profile', () => {
    expect(h264Profile('42e01f')).toEqual({ profile: 'Constrained Baseline', level: '3.1' })
    expect(h264Profile('640c2a')).toEqual({ profile: 'Constrained High', level: '4.2' })
    expect(h264Profile('xyz')).toBeUndefined()
  })

  it('say nothing about what nobody knows', () => {
    const sdp = parseSdp('v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 111\na=made-up:1\na=constructor:2\n')
    const [, audio] = sdp.sections
    const made = audio?.lines.slice(1) ?? []
    expect(made.map(line => audio && explain(line, audio))).toEqual([[], []])
  })
})

describe('offer against answer', () => {
  const both = (name: string) => agree(parseSdp(read(`${name}.offer.sdp`)), parseSdp(read(`${name}.answer.sdp`)))

  it('tells what a captured pair agreed', () => {
    const [audio, video] = both('audio-video')
    expect(audio).toMatchObject({
      kind: 'audio',
      state: 'agreed',
      way: 'offerer-sends',
      bundled: true,
      dtlsClient: 'answerer',
    })
    expect(audio?.codecs[0]?.name).toBe('opus')
    expect(video?.codecs.map(({ name }) => name)).toContain('VP9')
    expect(video?.helpers).toContain('rtx')
    expect(video?.extensions.length).toBeGreaterThan(3)
    expect(both('data')).toMatchObject([{ kind: 'application', state: 'agreed' }])
  })

  it('tells a refused, a missing and a codec-less section apart', () => {
    const offer = parseSdp(read('audio-video.offer.sdp'))
    const answer = read('audio-video.answer.sdp')
    expect(agree(offer, parseSdp(answer.replace(/^m=video \d+/m, 'm=video 0')))[1]).toMatchObject({
      state: 'rejected',
      way: 'nobody',
    })
    expect(agree(offer, parseSdp(answer.slice(0, answer.indexOf('m=video'))))[1]?.state).toBe('missing')
    const alone = answer.replace(/^m=audio.*$/m, 'm=audio 9 UDP/TLS/RTP/SAVPF 99').replace(/opus/g, 'speex')
    expect(agree(offer, parseSdp(alone))[0]?.state).toBe('no-codec')
  })
})

describe('the verdict', () => {
  const ids = (text: string) => sdpFindings(parseSdp(text), undefined, []).map(({ id, status }) => `${id} ${status}`)

  it('is good for captured offers', () => {
    for (const name of captured) expect(ids(read(name))).toEqual(['readable-left pass'])
  })

  it('names what is missing, unknown or damaged', () => {
    const offer = read('audio-video.offer.sdp')
    expect(ids(offer.replace(/^a=fingerprint.*\r\n/gm, ''))).toContain('fingerprint fail')
    expect(ids(offer.replace(/^a=ice-ufrag.*\r\n/m, ''))).toContain('ice fail')
    expect(ids(`${offer}a=made-up:1\r\n`)).toContain('readable-left warn')
    expect(ids(`${offer}oops\r\n`)).toContain('readable-left fail')
    expect(ids('hello')).toContain('not-sdp-left fail')
    expect(ids('')).toEqual([])
  })

  it('has a sentence for everything', () => {
    const offer = read('audio-video.offer.sdp')
    const cases = [
      offer,
      `${offer}a=made-up:1`,
      `${offer}oops`,
      'hello',
      offer.replace(/^a=(fingerprint|ice-ufrag).*\r\n/gm, ''),
    ]
    for (const text of cases)
      for (const { id, status } of sdpFindings(parseSdp(text), parseSdp(text), agree(parseSdp(text), parseSdp(text))))
        expect(texts[`finding.${id}.${status}`], `${id}.${status}`).toBeTypeOf('string')
  })
})

describe('a comparison', () => {
  it('pairs lines that say the same thing differently', () => {
    const left = parseSdp('v=0\nm=audio 9 X 111 0\na=rtpmap:111 opus/48000/2\na=mid:0\na=rtcp-rsize\na=sendrecv\n')
    const right = parseSdp('v=0\nm=audio 9 X 111\na=rtpmap:111 opus/48000\na=mid:0\na=recvonly\na=rtcp-mux\n')
    const [session, audio] = diffSdp(left, right)
    expect(session?.rows.map(({ kind }) => kind)).toEqual(['same'])
    expect(audio?.rows.map(({ kind, left: a, right: b }) => [kind, a?.text, b?.text])).toEqual([
      ['changed', 'm=audio 9 X 111 0', 'm=audio 9 X 111'],
      ['changed', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:111 opus/48000'],
      ['same', 'a=mid:0', 'a=mid:0'],
      ['removed', 'a=rtcp-rsize', undefined],
      ['changed', 'a=sendrecv', 'a=recvonly'],
      ['added', undefined, 'a=rtcp-mux'],
    ])
  })

  it('keeps every line of both, in order', () => {
    const line = fc.constantFrom('v=0', 'a=mid:0', 'a=sendrecv', 'm=audio 9 X 0', 'a=rtcp-mux')
    fc.assert(
      fc.property(fc.array(line), fc.array(line), (a, b) => {
        const rows = diffSdp(parseSdp(a.join('\n')), parseSdp(b.join('\n'))).flatMap(section => section.rows)
        expect(rows.flatMap(({ left }) => left?.text ?? [])).toEqual(a)
        expect(rows.flatMap(({ right }) => right?.text ?? []).sort()).toEqual([...b].sort())
      }),
    )
  })
})

it('an edited offer takes the identity of the connection it is tried on', () => {
  const fresh = read('audio-video.offer.sdp')
  const edited = read('simulcast.offer.sdp').replace('a=sendrecv', 'a=sendonly')
  const tried = freshen(edited, fresh)
  const ufrag = /a=ice-ufrag:(.*)/.exec(fresh)?.[1]?.trim() ?? ''
  expect([...tried.matchAll(/a=ice-ufrag:(.*)\r/g)].map(match => match[1])).toEqual([ufrag])
  expect(tried).not.toContain('a=candidate')
  expect(tried).toContain('a=simulcast')
  expect(tried).toContain('a=sendonly')
})
