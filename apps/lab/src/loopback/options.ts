import { flag, number, oneOf, type SettingsOf, settingsCodec, text } from '../report/permalink.ts'

/** The options of the loopback call, kept in the page's URL. `codec` is `any` or a name such as `VP9`. */
const loopbackFields = {
  source: oneOf(['auto', 'stand-in'], 'auto'),
  audioTracks: number(1, { min: 0, max: 2 }),
  videoTracks: number(1, { min: 0, max: 3 }),
  codec: text('any', 20),
  maxKbps: number(0, { min: 0, max: 10_000 }),
  simulcast: flag(false),
  voiceActivity: flag(true),
  receiveAudio: flag(true),
  receiveVideo: flag(true),
  iceRestart: flag(false),
}

export type LoopbackOptions = SettingsOf<typeof loopbackFields>

export const loopbackCodec = settingsCodec(loopbackFields)

/** Names of the video codecs this browser can send, without duplicates and without RTX, RED and FEC. */
export function videoCodecs(capabilities: Pick<RTCRtpCapabilities, 'codecs'> | null | undefined): readonly string[] {
  const names = (capabilities?.codecs ?? []).map(({ mimeType }) => mimeType.replace(/^video\//i, ''))
  return [...new Set(names)].filter(name => !/^(rtx|red|ulpfec|flexfec)/i.test(name))
}

/** All codecs with the preferred one first; undefined if it is unavailable or none is preferred. */
export function preferred(codecs: readonly RTCRtpCodec[], wished: string): RTCRtpCodec[] | undefined {
  const is = ({ mimeType }: RTCRtpCodec) => mimeType.toLowerCase() === `video/${wished.toLowerCase()}`
  if (wished === 'any' || !codecs.some(is)) return undefined
  return [...codecs.filter(is), ...codecs.filter(codec => !is(codec))]
}
