import { flag, number, oneOf, type SettingsOf, settingsCodec, text } from '../report/permalink.ts'

/** What the loopback call is made with; kept in the page's address. `codec` is `any` or a name such as `VP9`. */
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

/** The sendable codecs of this browser by name, each once, without the helpers (RTX, RED, FEC). */
export function videoCodecs(capabilities: Pick<RTCRtpCapabilities, 'codecs'> | null | undefined): readonly string[] {
  const names = (capabilities?.codecs ?? []).map(({ mimeType }) => mimeType.replace(/^video\//i, ''))
  return [...new Set(names)].filter(name => !/^(rtx|red|ulpfec|flexfec)/i.test(name))
}

/** All codecs with the wished one first; undefined where it is not to be had, or none is wished. */
export function preferred(codecs: readonly RTCRtpCodec[], wished: string): RTCRtpCodec[] | undefined {
  const is = ({ mimeType }: RTCRtpCodec) => mimeType.toLowerCase() === `video/${wished.toLowerCase()}`
  if (wished === 'any' || !codecs.some(is)) return undefined
  return [...codecs.filter(is), ...codecs.filter(codec => !is(codec))]
}
