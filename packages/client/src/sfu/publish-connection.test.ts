import type { MediaBody } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { settle } from '../testing/fake-link.ts'
import { PublishConnection } from './publish-connection.ts'

/** As much of a browser's connection as offers and answers need. */
class FakePeerConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'connected'
  signalingState: RTCSignalingState = 'stable'
  localDescription: RTCSessionDescriptionInit | null = null
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

  /** What is published makes the browser ask for a negotiation. */
  carry(): void {
    this.transceivers.push({})
    this.onnegotiationneeded?.()
  }

  async setLocalDescription(): Promise<void> {
    this.signalingState = 'have-local-offer'
    this.localDescription = { type: 'offer', sdp: `offer ${this.#offers++}` }
  }

  async setRemoteDescription(): Promise<void> {
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
