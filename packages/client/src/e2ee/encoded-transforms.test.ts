import { afterEach, expect, test, vi } from 'vitest'
import { EncodedTransforms } from './encoded-transforms.ts'

afterEach(() => vi.unstubAllGlobals())

/** The codecs that a sender of this kind may offer; undefined: whatever the browser has. */
function offered(kind: 'audio' | 'video', ...codecs: readonly Partial<RTCRtpCodec>[]) {
  vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => ({ codecs }) })
  vi.stubGlobal('RTCRtpScriptTransform', class {})
  const sender = { track: { kind } } as unknown as RTCRtpSender
  const setCodecPreferences = vi.fn()
  const connection = { getTransceivers: () => [{ sender, setCodecPreferences }] } as unknown as RTCPeerConnection
  const worker = { postMessage: () => {} } as unknown as Worker
  new EncodedTransforms(worker, 'script-transform', () => {}).sender(connection, sender)
  const [chosen] = (setCodecPreferences.mock.calls[0] ?? []) as RTCRtpCodec[][]
  return chosen?.map(({ mimeType, sdpFmtpLine }) => [mimeType, sdpFmtpLine].filter(Boolean).join(' '))
}

const opus = { mimeType: 'audio/opus', sdpFmtpLine: 'minptime=10;useinbandfec=1' }

test('no RED: its blocks would be one frame, which nobody on the way can take apart', () => {
  const codecs = [{ mimeType: 'audio/red', sdpFmtpLine: '111/111' }, opus, { mimeType: 'audio/PCMU' }]
  expect(offered('audio', ...codecs)).toEqual(['audio/opus minptime=10;useinbandfec=1', 'audio/PCMU'])
  expect(offered('audio', opus)).toBeUndefined()
})

test('no pictures that cannot be wrapped', () => {
  const modes = [0, 1].map(mode => ({ mimeType: 'video/H264', sdpFmtpLine: `packetization-mode=${mode}` }))
  expect(offered('video', { mimeType: 'video/VP8' }, { mimeType: 'video/H265' }, ...modes)).toEqual([
    'video/VP8',
    'video/H264 packetization-mode=1',
  ])
})
