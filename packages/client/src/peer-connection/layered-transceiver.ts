import type { OutgoingTrack } from '../room/media-plane.ts'
import { codecOf, type LayerParameters, type Picture, sendEncodings } from './layers.ts'
import { planSound, preferRed } from './sound.ts'

/** Undefined: it is sound. */
export function pictureOf({ source, options }: OutgoingTrack): Picture | undefined {
  return source === 'camera' || source === 'screen' ? { source, options } : undefined
}

/** Sends a track to a server: a picture in layers, a voice with RED, as far as their options and the browser allow. */
export function addLayered(connection: RTCPeerConnection, outgoingTrack: OutgoingTrack): RTCRtpTransceiver {
  const { carrier, streams } = outgoingTrack
  const picture = pictureOf(outgoingTrack)
  const init: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [...streams] }
  if (!picture) {
    const transceiver = connection.addTransceiver(carrier, init)
    if (planSound(outgoingTrack).red) preferRed(transceiver)
    return transceiver
  }
  const encodings = sendEncodings(picture)
  const transceiver = addEncodings(connection, carrier, init, encodings)
  preferCodec(transceiver, codecOf(picture))
  describeDependencies(transceiver)
  return transceiver
}

/** A mode that the browser does not know is left out. */
function addEncodings(
  connection: RTCPeerConnection,
  track: MediaStreamTrack,
  init: RTCRtpTransceiverInit,
  encodings: readonly LayerParameters[],
): RTCRtpTransceiver {
  try {
    return connection.addTransceiver(track, { ...init, sendEncodings: [...encodings] })
  } catch (error) {
    console.debug('parley: scalability mode not used', error)
    const plain = encodings.map(({ scalabilityMode: _, ...encoding }) => encoding)
    return connection.addTransceiver(track, { ...init, sendEncodings: plain })
  }
}

/** Offers this codec alone, if the browser has it: a server that may choose would take one that more people can decode. */
function preferCodec(transceiver: RTCRtpTransceiver, name: string | undefined): void {
  if (name === undefined) return
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? []
  const named = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${name}`)
  const repairs = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/rtx')
  if (named.length > 0) transceiver.setCodecPreferences([...named, ...repairs])
}

/** https://w3c.github.io/webrtc-extensions/#rtp-header-extension-control */
interface ExtensionControl {
  getHeaderExtensionsToNegotiate(): { uri: string; direction: RTCRtpTransceiverDirection }[]
  setHeaderExtensionsToNegotiate(extensions: { uri: string; direction: RTCRtpTransceiverDirection }[]): void
}

const dependencyDescriptor = 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension'

/** Says which frames need which others in a header, where an SFU can read it whatever the codec, also if payloads are encrypted. */
function describeDependencies(transceiver: RTCRtpTransceiver & Partial<ExtensionControl>): void {
  const extensions = transceiver.getHeaderExtensionsToNegotiate?.()
  const descriptor = extensions?.find(({ uri }) => uri === dependencyDescriptor)
  if (!extensions || !descriptor) return
  descriptor.direction = 'sendrecv'
  transceiver.setHeaderExtensionsToNegotiate?.(extensions)
}
