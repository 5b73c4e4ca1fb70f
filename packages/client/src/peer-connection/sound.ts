import type { OutgoingTrack } from '../room/media-plane.ts'

/** How sound is sent through a server. */
export interface SoundPlan {
  /** Each packet repeats the one before (RED, RFC 2198), so that the loss of one on the way to the server does no harm. */
  readonly red: boolean
  /** While nobody speaks, next to nothing is sent (discontinuous transmission, RFC 7587 §3.1.3). */
  readonly dtx: boolean
}

/** A voice is protected and pauses; music and the sound of a screen are sent as they are. */
export function planSound({ source, carrier, options }: OutgoingTrack): SoundPlan {
  const isVoice = source === 'microphone' && carrier.contentHint !== 'music'
  return { red: options.red ?? isVoice, dtx: options.dtx ?? isVoice }
}

/** Offers RED first, if the browser has it: who answers in the same order asks for it. */
export function preferRed(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpSender.getCapabilities('audio')?.codecs ?? []
  const red = codecs.filter(isRed)
  if (red.length > 0) transceiver.setCodecPreferences([...red, ...codecs.filter(codec => !isRed(codec))])
}

export function isRed({ mimeType }: RTCRtpCodec): boolean {
  return mimeType.toLowerCase() === 'audio/red'
}

/**
 * An answer that asks for DTX in these sections. Encoders do as the remote description says (RFC 7587 §6.1), and who answers does
 * not know what is sent.
 * @param sections By mid.
 */
export function askForDtx(answer: string, sections: ReadonlySet<string>): string {
  return answer
    .split(/(?=^m=)/m)
    .map(section => {
      const mid = /^a=mid:(\S+)/m.exec(section)?.[1]
      return mid !== undefined && sections.has(mid) ? withDtx(section) : section
    })
    .join('')
}

function withDtx(section: string): string {
  const payloadType = /^a=rtpmap:(\d+) opus\//im.exec(section)?.[1]
  if (payloadType === undefined) return section
  const fmtp = new RegExp(`^(a=fmtp:${payloadType} )(.*?)(\\r?)$`, 'm')
  if (!fmtp.test(section))
    return section.replace(/^(a=rtpmap:\d+ opus\/.*?)(\r?\n)/im, `$1$2a=fmtp:${payloadType} usedtx=1$2`)
  return section.replace(fmtp, (_, start: string, parameters: string, end: string) => {
    const others = parameters.split(';').filter(parameter => !/^\s*usedtx=/.test(parameter))
    return `${start}${[...others, 'usedtx=1'].join(';')}${end}`
  })
}
