import { afterEach, describe, expect, test, vi } from 'vitest'
import { EncodedTransforms, encodedTransformWay } from './encoded-transforms.ts'
import type { ToWorker, TransformOptions } from './worker-messages.ts'

afterEach(() => vi.unstubAllGlobals())

const ofSound = [
  { mimeType: 'audio/red', sdpFmtpLine: '111/111' },
  { mimeType: 'audio/opus', sdpFmtpLine: 'minptime=10;useinbandfec=1' },
  { mimeType: 'audio/PCMU' },
]
const ofPictures = [
  { mimeType: 'video/VP8' },
  { mimeType: 'video/H265' },
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42e01f' },
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
  { mimeType: 'video/rtx' },
]

class ScriptTransform {
  readonly worker: object
  readonly options: TransformOptions
  constructor(worker: object, options: TransformOptions) {
    this.worker = worker
    this.options = options
  }
}

function transforms(way: 'script-transform' | 'encoded-streams') {
  vi.stubGlobal('RTCRtpScriptTransform', ScriptTransform)
  vi.stubGlobal('RTCRtpReceiver', {
    getCapabilities: (kind: string) => ({ codecs: kind === 'audio' ? ofSound : ofPictures }),
  })
  const told: { message: ToWorker; transfer: readonly unknown[] }[] = []
  const assigned: number[] = []
  const worker = { postMessage: (message: ToWorker, transfer: readonly unknown[]) => told.push({ message, transfer }) }
  const made = new EncodedTransforms(worker as unknown as Worker, way, id => assigned.push(id))
  return { made, told, assigned, worker }
}

const receiver = () => ({}) as RTCRtpReceiver & { transform?: ScriptTransform }

/** A connection that has one sender. */
function sending(kind: 'audio' | 'video') {
  const sender = { track: { kind } } as RTCRtpSender & { transform?: ScriptTransform }
  const preferred: unknown[] = []
  const transceiver = { sender, receiver: receiver(), setCodecPreferences: (codecs: unknown) => preferred.push(codecs) }
  return {
    ...transceiver,
    preferred,
    connection: { getTransceivers: () => [transceiver] } as unknown as RTCPeerConnection,
  }
}

test('by the standard’s way where there is one, else by Chromium’s own, else not at all', () => {
  const prototype = { createEncodedStreams() {} }
  const able = { crypto: { subtle: {} }, Worker: class {} }
  expect(encodedTransformWay({ ...able, RTCRtpScriptTransform: class {}, RTCRtpSender: { prototype } })).toBe(
    'script-transform',
  )
  expect(encodedTransformWay({ ...able, RTCRtpSender: { prototype } })).toBe('encoded-streams')
  expect(encodedTransformWay({ ...able, RTCRtpSender: { prototype: {} } })).toBeUndefined()
  // A page that is not secure.
  expect(encodedTransformWay({ crypto: {}, Worker: class {}, RTCRtpScriptTransform: class {} })).toBeUndefined()
  expect(encodedTransformWay({ crypto: { subtle: {} }, RTCRtpScriptTransform: class {} })).toBeUndefined()
})

describe('senders', () => {
  test('have one transform each, and of a picture’s codecs those alone whose frames can be encrypted', () => {
    const { made, worker } = transforms('script-transform')
    const { sender, preferred, connection } = sending('video')
    made.sender(connection, sender)
    const { transform } = sender
    made.sender(connection, sender)
    expect(sender.transform).toBe(transform)
    expect(transform).toMatchObject({ worker, options: { side: 'send', id: 1 } })
    expect(preferred.at(-1)).toEqual([ofPictures[0], ofPictures[3], ofPictures[4]])
  })

  test('of sound have no RED: its blocks would be one frame, which nobody on the way can take apart', () => {
    const { made } = transforms('script-transform')
    const { sender, preferred, connection } = sending('audio')
    made.sender(connection, sender)
    expect([sender.transform?.options.side, preferred]).toEqual(['send', [ofSound.slice(1)]])
  })
})

describe('receivers', () => {
  test('have a transform before it is known whose frames they bring, and keep it when they bring another’s', () => {
    const { made, told, assigned } = transforms('script-transform')
    const { sender, receiver: one, connection } = sending('video')
    made.prepare(connection)
    made.prepare(connection)
    expect(sender.transform?.options).toEqual({ side: 'send', id: 1 })
    expect([one.transform?.options, told]).toEqual([{ side: 'receive', id: 2 }, []])
    for (const participant of ['ann', 'bob', undefined]) made.receiver(one, participant)
    expect(told.map(({ message }) => message)).toEqual(
      ['ann', 'bob', undefined].map(participant => ({ type: 'assign', id: 2, participant })),
    )
    expect(assigned).toEqual([2, 2, 2])
  })

  test('are told apart', () => {
    const { made, told } = transforms('script-transform')
    made.receiver(receiver(), 'ann')
    made.receiver(receiver(), 'bob')
    expect(told.map(({ message }) => message)).toMatchObject([
      { id: 1, participant: 'ann' },
      { id: 2, participant: 'bob' },
    ])
  })
})

test('Chromium’s own way: the streams go to the worker, and connections have to be made for it', () => {
  const { made, told } = transforms('encoded-streams')
  expect(made.configuration).toEqual({ encodedInsertableStreams: true })
  const { readable, writable } = new TransformStream()
  made.receiver({ createEncodedStreams: () => ({ readable, writable }) } as unknown as RTCRtpReceiver, undefined)
  expect(told.slice(0, 1)).toEqual([
    {
      message: { type: 'frames', options: { side: 'receive', id: 1 }, readable, writable },
      transfer: [readable, writable],
    },
  ])
  expect(transforms('script-transform').made.configuration).toEqual({})
})
