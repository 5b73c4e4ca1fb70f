import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { OutgoingTrack } from '../room/media-plane.ts'
import { fakeTrack } from '../testing/fake-media.ts'
import { Senders } from './senders.ts'

/** A connection whose one sender remembers its parameters. */
class FakeConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new'
  encoding: RTCRtpEncodingParameters = {}

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state
    this.dispatchEvent(new Event('connectionstatechange'))
  }

  addTrack() {
    return {
      getParameters: () => ({ encodings: [{ ...this.encoding }] }),
      setParameters: async ({ encodings: [encoding = {}] }: RTCRtpSendParameters) => {
        this.encoding = encoding
      },
    }
  }
}

function outgoingTrack(): OutgoingTrack {
  const track = Object.assign(fakeTrack('video'), { getSettings: () => ({ height: 720 }) })
  return { source: 'camera', id: 'cam', streams: [], carrier: track, track, options: {} }
}

async function open() {
  const clock = new FakeClock()
  const connection = new FakeConnection()
  let started = 0
  const senders = new Senders({
    connection: connection as unknown as RTCPeerConnection,
    clock,
    started: () => started++,
  })
  await senders.sync([outgoingTrack()])
  await senders.limit(1)
  return { clock, connection, senders, started: () => started }
}

test('a camera is sent small until a second after the connection is there', async () => {
  const { clock, connection, senders, started } = await open()
  expect(connection.encoding.scaleResolutionDownBy).toBe(2)
  clock.advance(60_000)
  connection.become('connecting')
  connection.become('connected')
  clock.advance(999)
  await senders.limit(1)
  expect([connection.encoding.scaleResolutionDownBy, started()]).toEqual([2, 0])
  clock.advance(1)
  expect(started()).toBe(1)
  await senders.limit(1)
  expect(connection.encoding.scaleResolutionDownBy).toBe(1)
  connection.become('disconnected')
  connection.become('connected')
  clock.advance(60_000)
  expect(started()).toBe(1)
})

test('a connection that is closed meanwhile starts nothing', async () => {
  const { clock, connection, senders, started } = await open()
  connection.become('connected')
  senders.close()
  clock.advance(60_000)
  expect([started(), clock.pending]).toEqual([0, 0])
})

/** A connection to a server, with transceivers that remember their parameters. */
class FakeServerConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'connected'
  readonly transceivers: FakeTransceiver[] = []
  /** Refuses scalability modes, as a browser does that does not know them. */
  strict = false

  addTransceiver(_track: MediaStreamTrack, { sendEncodings = [{}], direction = 'sendrecv' }: RTCRtpTransceiverInit) {
    if (this.strict && sendEncodings.some(encoding => 'scalabilityMode' in encoding)) throw new Error('unknown mode')
    const transceiver = new FakeTransceiver(sendEncodings, direction)
    this.transceivers.push(transceiver)
    return transceiver
  }

  getTransceivers() {
    return this.transceivers
  }

  removeTrack(sender: unknown): void {
    for (const transceiver of this.transceivers) if (transceiver.sender === sender) transceiver.direction = 'inactive'
  }
}

class FakeTransceiver {
  direction: RTCRtpTransceiverDirection
  parameters: RTCRtpSendParameters
  extensions = [
    {
      uri: 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
      direction: 'stopped',
    },
  ]
  sets = 0
  readonly sender = {
    getParameters: () => structuredClone(this.parameters),
    setParameters: async (parameters: RTCRtpSendParameters) => {
      this.sets++
      this.parameters = structuredClone(parameters)
    },
    replaceTrack: async () => {},
  }

  constructor(encodings: RTCRtpEncodingParameters[], direction: RTCRtpTransceiverDirection) {
    this.direction = direction
    const made = encodings.map(encoding => ({ active: true, ...encoding }))
    this.parameters = { encodings: made, codecs: [], headerExtensions: [], rtcp: {}, transactionId: '' }
  }

  getHeaderExtensionsToNegotiate() {
    return structuredClone(this.extensions)
  }

  setHeaderExtensionsToNegotiate(extensions: typeof this.extensions): void {
    this.extensions = extensions
  }

  get active() {
    return this.parameters.encodings.map(({ active }) => active)
  }
}

function picture(width: number, height: number, change: Partial<OutgoingTrack> = {}): OutgoingTrack {
  const track = Object.assign(fakeTrack('video'), { getSettings: () => ({ width, height }) })
  return { source: 'camera', id: 'cam', streams: [], carrier: track, track, options: {}, ...change }
}

function layered() {
  const connection = new FakeServerConnection()
  const senders = new Senders({
    connection: connection as unknown as RTCPeerConnection,
    clock: new FakeClock(),
    layered: true,
    started: () => {},
  })
  const send = async (...tracks: OutgoingTrack[]) => {
    await senders.sync(tracks)
    await senders.limit(1)
    return connection.transceivers
  }
  const demand = async (encodings: { rid?: string; active: boolean }[], track = 'cam') => {
    senders.demand([{ track, encodings }])
    await senders.limit(1)
  }
  return { connection, send, demand, senders }
}

const layers = (q: boolean, h: boolean, f: boolean) => [
  { rid: 'q', active: q },
  { rid: 'h', active: h },
  { rid: 'f', active: f },
]

test('to a server, a camera goes in layers from the start, with a header that says what needs what', async () => {
  const { send } = layered()
  const [transceiver] = await send(picture(1280, 720))
  expect(transceiver?.direction).toBe('sendonly')
  expect(transceiver?.parameters.encodings).toMatchObject([
    { rid: 'q', active: true, scaleResolutionDownBy: 4, scalabilityMode: 'L1T3' },
    { rid: 'h', active: true, scaleResolutionDownBy: 2, scalabilityMode: 'L1T3' },
    { rid: 'f', active: true, scaleResolutionDownBy: 1, scalabilityMode: 'L1T3' },
  ])
  expect(transceiver?.extensions).toMatchObject([{ direction: 'sendrecv' }])
})

test('what nobody wants is switched off, and on again; nothing is set that is set already', async () => {
  const { send, demand } = layered()
  const [transceiver] = await send(picture(1280, 720))
  await demand(layers(true, false, false))
  expect(transceiver?.active).toEqual([true, false, false])
  const sets = transceiver?.sets
  await demand(layers(true, false, false))
  expect(transceiver?.sets).toBe(sets)
  await demand(layers(false, false, false))
  expect(transceiver?.active).toEqual([false, false, false])
  await demand(layers(true, true, true))
  expect(transceiver?.active).toEqual([true, true, true])
  await demand([{ active: false }], 'another')
  expect(transceiver?.active).toEqual([true, true, true])
})

test('a demand that comes while muted, or before the track is sent, holds when it is', async () => {
  const { send, demand } = layered()
  await demand(layers(false, true, false))
  const [transceiver] = await send(picture(1280, 720, { track: undefined }))
  expect(transceiver?.active).toEqual([false, true, false])
  await demand(layers(true, false, false))
  await send(picture(1280, 720))
  expect(transceiver?.active).toEqual([true, false, false])
})

test('another device with a smaller picture: fewer layers, and the demand is for the nearest', async () => {
  const { send, demand } = layered()
  const [transceiver] = await send(picture(1280, 720))
  await demand(layers(true, false, false))
  await send(picture(320, 240))
  expect(transceiver?.active).toEqual([false, false, true])
})

test('with a larger picture all layers are sent, until the server has seen them', async () => {
  const { send, demand } = layered()
  const [transceiver] = await send(picture(320, 240))
  await demand(layers(false, false, true))
  await send(picture(1280, 720))
  expect(transceiver?.active).toEqual([true, true, true])
  await demand(layers(true, false, false))
  expect(transceiver?.active).toEqual([true, false, false])
})

test('unpublished and published again: what was demanded of it is forgotten, and it goes one way', async () => {
  const { send, demand } = layered()
  await send(picture(1280, 720))
  await demand(layers(false, false, false))
  await send()
  const [transceiver] = await send(picture(1280, 720))
  expect([transceiver?.direction, transceiver?.active]).toEqual(['sendonly', [true, true, true]])
})

test('a screen keeps its resolution, unless it shows a film or the publisher says otherwise', async () => {
  const preference = async (options: OutgoingTrack['options'], contentHint = 'detail') => {
    const { send } = layered()
    const screen = picture(1920, 1080, { source: 'screen', options })
    screen.carrier.contentHint = contentHint
    const [transceiver] = await send(screen)
    return Reflect.get(transceiver?.parameters ?? {}, 'degradationPreference')
  }
  expect(await preference({})).toBe('maintain-resolution')
  expect(await preference({}, 'motion')).toBeUndefined()
  expect(await preference({ degradationPreference: 'balanced' })).toBe('balanced')
})

test('a mode that the browser does not know is left out', async () => {
  const { connection, send } = layered()
  connection.strict = true
  const [transceiver] = await send(picture(1280, 720, { options: { scalabilityMode: 'L9T9', simulcast: false } }))
  expect(transceiver?.parameters.encodings).toMatchObject([{ active: true }])
  expect(transceiver?.parameters.encodings[0]).not.toHaveProperty('scalabilityMode')
})

test('the sound of a screen goes as it is', async () => {
  const { send } = layered()
  const carrier = Object.assign(fakeTrack('audio'), { getSettings: () => ({}) })
  const [transceiver] = await send({ ...picture(0, 0), source: 'screen-audio', carrier, track: carrier })
  expect(transceiver?.parameters.encodings).toEqual([{ active: true }])
})
