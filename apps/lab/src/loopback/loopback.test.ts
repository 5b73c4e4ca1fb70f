import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import english from '../locales/en/loopback.ts'
import { parseSdp } from '../sdp/parse.ts'
import { loopbackFindings } from './findings.ts'
import { candidateText, type LogEntry, logToText } from './log.ts'
import { loopbackCodec, preferred, videoCodecs } from './options.ts'
import { setupEnd, setupSpans } from './setup.ts'
import { gatherLayers, layersOf, spreadLayers } from './simulcast.ts'
import { connectionMachine, iceMachine, signalingMachine } from './states.ts'

const texts: Readonly<Record<string, string>> = english

describe('the set-up timeline', () => {
  const moments = {
    mediaAsked: 1000,
    mediaGot: 1300,
    // The person took ten seconds to press Call.
    offerAsked: 11_300,
    offerApplied: 11_340,
    answerAsked: 11_340,
    answerApplied: 11_380,
    iceChecking: 11_380,
    iceConnected: 11_400,
    dtlsConnecting: 11_400,
    dtlsConnected: 11_450,
    firstFrame: 11_600,
  }

  it('leaves out the time a person took', () => {
    const spans = setupSpans(moments)
    expect(spans.map(({ step, startMs, endMs }) => [step, startMs, endMs])).toEqual([
      ['getUserMedia', 0, 300],
      ['offer', 300, 340],
      ['answer', 340, 380],
      ['ice', 380, 400],
      ['dtls', 400, 450],
      ['firstFrame', 450, 600],
    ])
    expect(setupEnd(spans)).toBe(600)
  })

  it('tells what is under way from what has not begun, and never makes up a number', () => {
    const spans = setupSpans({ mediaAsked: 1000, mediaGot: 1300, offerAsked: 5000 })
    expect(spans).toEqual([
      { step: 'getUserMedia', startMs: 0, endMs: 300 },
      { step: 'offer', startMs: 300 },
      { step: 'answer' },
      { step: 'ice' },
      { step: 'dtls' },
      { step: 'firstFrame' },
    ])
    expect(setupEnd(setupSpans({}))).toBeUndefined()
  })
})

describe('the verdict', () => {
  const base = { phase: { phase: 'idle' } as const, moments: {}, replaced: {}, states: {}, log: [], pictures: true }
  const told = (over: Partial<Parameters<typeof loopbackFindings>[0]>) => loopbackFindings({ ...base, ...over })
  const connected = { offerAsked: 100, dtlsConnected: 350 }

  it('is none before there was a call', () => {
    expect(told({})).toEqual([])
  })

  it('tells a call that connected, with and without its first picture', () => {
    const phase = { phase: 'connected' } as const
    expect(told({ phase, moments: connected }).map(({ id, status }) => `${id} ${status}`)).toEqual([
      'connected pass',
      'picture unknown',
    ])
    expect(told({ phase, moments: { ...connected, firstFrame: 400 } })[1]).toMatchObject({
      id: 'picture',
      status: 'pass',
      params: { time: { value: 50, unit: 'ms' } },
    })
    expect(told({ phase, moments: connected, pictures: false })).toHaveLength(1)
  })

  it('tells at which step a call failed, and what stood in for a device', () => {
    const failed = (step: 'media' | 'negotiation' | 'connection' | 'time') =>
      told({ phase: { phase: 'failed', step, error: 'X' } })[0]?.id
    expect([failed('media'), failed('negotiation'), failed('connection'), failed('time')]).toEqual([
      'media-failed',
      'negotiation-failed',
      'connection-failed',
      'connection-slow',
    ])
    const replaced = { video: 'NotFoundError: none', audio: 'chosen' }
    expect(told({ phase: { phase: 'ready' }, replaced }).map(({ id }) => id)).toEqual(['stand-in-video'])
  })

  it('has a sentence for everything', () => {
    const phases = (['media', 'negotiation', 'connection', 'time'] as const).map(step => ({
      phase: 'failed' as const,
      step,
      error: '',
    }))
    const all = [
      ...phases.flatMap(phase => told({ phase })),
      ...told({ phase: { phase: 'connected' }, moments: connected, replaced: { audio: 'x', video: 'x' } }),
      ...told({ phase: { phase: 'connected' }, moments: { ...connected, firstFrame: 1 } }),
    ]
    for (const { id, status } of all) expect(texts[`finding.${id}.${status}`], `${id}.${status}`).toBeTypeOf('string')
  })
})

describe('options', () => {
  it('list each codec once, without the helpers', () => {
    const codecs = ['VP8', 'rtx', 'H264', 'H264', 'red', 'ulpfec', 'flexfec-03', 'AV1'].map(name => ({
      mimeType: `video/${name}`,
      clockRate: 90_000,
    }))
    expect(videoCodecs({ codecs })).toEqual(['VP8', 'H264', 'AV1'])
    expect(videoCodecs(null)).toEqual([])
    expect(preferred(codecs, 'AV1')?.[0]?.mimeType).toBe('video/AV1')
    expect(preferred(codecs, 'AV1')).toHaveLength(codecs.length)
    expect(preferred(codecs, 'any')).toBeUndefined()
    expect(preferred(codecs, 'VP9')).toBeUndefined()
  })

  it('survive a link', () => {
    const options = { ...loopbackCodec.fallback, simulcast: true, maxKbps: 500, codec: 'AV1' }
    expect(loopbackCodec.decode(loopbackCodec.encode(options))).toEqual(options)
    expect(loopbackCodec.decode('videoTracks=99')).toEqual(loopbackCodec.fallback)
  })
})

describe('simulcast to oneself', () => {
  const offer = readFileSync(new URL('../sdp/testdata/simulcast.offer.sdp', import.meta.url), 'utf8')
  const layers = layersOf(offer)

  it('finds the layers of a captured offer', () => {
    expect(layers?.rids).toEqual(['q', 'h', 'f'])
    expect(layersOf('v=0\r\nm=audio 9 X 0\r\n')).toBeUndefined()
  })

  it('gives each layer a section whose mid is what the packets carry as rid', () => {
    if (!layers) throw new Error('no layers')
    const sdp = parseSdp(spreadLayers(offer, layers))
    expect(sdp.sections.slice(1).map(({ mid }) => mid)).toEqual(['q', 'h', 'f'])
    expect(sdp.sections[0]?.lines.find(({ name }) => name === 'group')?.text).toBe('a=group:BUNDLE q h f')
    const text = spreadLayers(offer, layers)
    expect(text).not.toContain('a=simulcast')
    expect(text.match(/sdes:mid/g)).toHaveLength(3)
    expect(text).not.toContain('rtp-stream-id')
  })

  it('puts the answer together again', () => {
    if (!layers) throw new Error('no layers')
    const answer = gatherLayers(spreadLayers(offer, layers), layers)
    const sdp = parseSdp(answer)
    expect(sdp.sections.slice(1).map(({ mid }) => mid)).toEqual([layers.mid])
    expect(answer).toContain('a=simulcast:recv q;h;f\r\n')
    expect(answer).toContain('a=group:BUNDLE 0\r\n')
    expect(sdp.lines.every(({ problem }) => problem === undefined)).toBe(true)
  })
})

it('the log reads well as text', () => {
  const entries: LogEntry[] = [
    { id: 1, atMs: 0, side: 'page', kind: 'call', text: 'getUserMedia()' },
    { id: 2, atMs: 1234.4, side: 'caller', kind: 'done', text: 'createOffer() done', detail: 'v=0\r\ns=-\r\n' },
  ]
  expect(logToText(entries, Date.UTC(2026, 0, 1))).toBe(
    '00:00:00.000  +0 ms  page    call       getUserMedia()\n00:00:01.234  +1234 ms  caller  done       createOffer() done\n    v=0\n    s=-\n',
  )
  expect(candidateText({ type: 'host', protocol: 'udp', address: '::1', port: 5 })).toBe('host udp [::1]:5')
  expect(candidateText({ type: 'host', protocol: 'udp', address: '[::1]', port: 5 })).toBe('host udp [::1]:5')
  expect(candidateText({ type: 'relay', protocol: 'udp', address: null, port: null })).toBe('relay udp (hidden):?')
  expect(candidateText({ candidate: '' })).toBe('end of candidates')
})

describe('the states', () => {
  it.each([
    ['ice', iceMachine],
    ['connection', connectionMachine],
    ['signaling', signalingMachine],
  ] as const)('of %s are all explained and reachable, and no two share a place', (name, machine) => {
    const names = machine.states.map(state => state.name as string)
    for (const state of names) expect(texts[`state.${name}.${state}`], state).toBeTypeOf('string')
    for (const way of machine.ways) for (const end of way) expect(names).toContain(end)
    expect(new Set(machine.states.map(({ column, row }) => `${column} ${row}`)).size).toBe(names.length)
  })
})
