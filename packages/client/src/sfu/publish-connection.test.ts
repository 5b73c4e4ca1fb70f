import type { MediaBody } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { OutgoingTrack } from '../room/media-plane.ts'
import { settle } from '../testing/fake-link.ts'
import { fakeTrack } from '../testing/fake-media.ts'
import { PublishConnection } from './publish-connection.ts'

/** As much of a browser's connection as offers and answers need. */
class FakePeerConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'connected'
  signalingState: RTCSignalingState = 'stable'
  localDescription: RTCSessionDescriptionInit | null = null
  remoteDescription: RTCSessionDescriptionInit | null = null
  onnegotiationneeded: (() => void) | null = null
  readonly transceivers: unknown[] = []
  #offers = 0

  constructor() {
    super()
    made.push(this)
  }

  getTransceivers() {
    return this.transceivers
  }

  addTransceiver() {
    const sender = { getParameters: () => ({ encodings: [] }), setParameters: async () => {} }
    const transceiver = { mid: String(this.transceivers.length), sender }
    this.transceivers.push(transceiver)
    return transceiver
  }

  /** What is published makes the browser ask for a negotiation. */
  carry(): void {
    this.transceivers.push({})
    this.onnegotiationneeded?.()
  }

  async setLocalDescription(): Promise<void> {
    this.signalingState = 'have-local-offer'
    this.localDescription = { type: 'offer', sdp: `offer ${this.#offers++}` }
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.remoteDescription = description
    this.signalingState = 'stable'
  }
}

let made: FakePeerConnection[] = []
beforeEach(() => {
  made = []
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection)
})
afterEach(() => vi.unstubAllGlobals())

function open() {
  const sent: MediaBody[] = []
  const events = { changed: vi.fn(), broken: vi.fn() }
  const publish = new PublishConnection({
    configuration: {},
    clock: new FakeClock(),
    events,
    send: body => sent.push(body),
  })
  const [connection] = made
  if (!connection) throw new Error('None was made.')
  return {
    publish,
    connection,
    offers: () => sent.flatMap(({ signal }) => (signal.kind === 'description' ? signal.description.sdp : [])),
    answer: (answers: number) =>
      publish.receive({ kind: 'description', description: { type: 'answer', sdp: 'answer' }, answers }),
    broken: events.broken,
  }
}

test('an answer is taken as one that asks for pauses, in the sections of voices alone', async () => {
  const { publish, connection } = open()
  const outgoing = (source: OutgoingTrack['source']): OutgoingTrack => {
    const track = Object.assign(fakeTrack('audio'), { getSettings: () => ({}) })
    return { source, id: source, streams: [], carrier: track, track, options: { red: false } }
  }
  publish.publish([outgoing('microphone'), outgoing('screen-audio')], 1)
  await settle()
  connection.onnegotiationneeded?.()
  await settle()
  const section = (mid: number, fmtp: string) =>
    `m=audio 9 x 111\r\na=mid:${mid}\r\na=rtpmap:111 opus/48000/2\r\n${fmtp}`
  const fmtp = 'a=fmtp:111 useinbandfec=1'
  const sdp = `${section(0, `${fmtp}\r\n`)}${section(1, `${fmtp}\r\n`)}`
  publish.receive({ kind: 'description', description: { type: 'answer', sdp }, answers: 0 })
  await settle()
  expect(connection.remoteDescription?.sdp).toBe(`${section(0, `${fmtp};usedtx=1\r\n`)}${section(1, `${fmtp}\r\n`)}`)
})

test('a server that asks for another codec gets another offer', async () => {
  const { publish, connection, offers, answer, broken } = open()
  connection.carry()
  await settle()
  answer(0)
  await settle()
  expect(offers()).toEqual(['offer 0'])
  publish.receive({ kind: 'reoffer' })
  await settle()
  expect(offers()).toEqual(['offer 0', 'offer 1'])
  answer(1)
  await settle()
  expect([connection.signalingState, broken.mock.calls]).toEqual(['stable', []])
})

test('asked while an offer waits for its answer: once, when that has come', async () => {
  const { publish, connection, offers, answer } = open()
  connection.carry()
  await settle()
  publish.receive({ kind: 'reoffer' })
  publish.receive({ kind: 'reoffer' })
  await settle()
  expect(offers()).toEqual(['offer 0'])
  answer(0)
  await settle()
  expect(offers()).toEqual(['offer 0', 'offer 1'])
  answer(1)
  await settle()
  expect(offers()).toHaveLength(2)
})

test('who publishes nothing has nothing to offer', async () => {
  const { publish, offers } = open()
  publish.receive({ kind: 'reoffer' })
  await settle()
  expect(offers()).toEqual([])
})
