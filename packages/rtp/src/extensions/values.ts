import { byteAt, setUint16At, uint32At } from '@parley/bytes'
import type { RtpPacket } from '../packet/rtp-packet.ts'
import type { NtpTime } from '../rtcp/ntp.ts'

/*
 * The values of header extension elements. Each `read*` takes the element's id as negotiated (0 where it was not), and returns
 * -1 or undefined if the packet has no such element or one that is too short. What is written goes to HeaderRewrite.setExtension.
 */

/** The characters of an SDP token (RFC 8866 §9). */
const token = /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+$/
const maxTokenLength = 255

/**
 * A mid, rid or repaired rid (RFC 9143, RFC 8852); undefined if the packet has none, or one that is not a token. Allocates a
 * string, so read it once for each SSRC and not for each packet.
 */
export function readToken(packet: RtpPacket, id: number): string | undefined {
  const offset = packet.findExtension(id)
  if (offset < 0) return undefined
  let text = ''
  for (let i = 0; i < packet.extensionLength; i++) text += String.fromCharCode(byteAt(packet.bytes, offset + i))
  return token.test(text) ? text : undefined
}

/** A mid or rid as it is sent. Throws RangeError if it is not a token, or longer than 255 characters. */
export function tokenBytes(text: string): Uint8Array {
  if (!token.test(text) || text.length > maxTokenLength) throw new RangeError(`${JSON.stringify(text)} is not a token`)
  return Uint8Array.from(text, character => character.charCodeAt(0))
}

/** The audio level (RFC 6464 §3), for {@link levelOf} and {@link hasVoice}. */
export function readAudioLevel(packet: RtpPacket, id: number): number {
  return readUint8(packet, id)
}

/** The level that {@link readAudioLevel} returned: 0 (loudest) to 127 (silence), in -dBov. */
export function levelOf(audioLevel: number): number {
  return audioLevel & 0x7f
}

/** Whether the sender believes that somebody is speaking, from what {@link readAudioLevel} returned. */
export function hasVoice(audioLevel: number): boolean {
  return audioLevel >= 0x80
}

/** How a picture is to be turned for display (3GPP TS 26.114 §7.4.5), for {@link rotationOf} and {@link isFlipped}. */
export function readVideoOrientation(packet: RtpPacket, id: number): number {
  return readUint8(packet, id)
}

/** Degrees clockwise by which the receiver turns the picture: 0, 90, 180 or 270. */
export function rotationOf(orientation: number): number {
  return (orientation & 0x03) * 90
}

/** Whether the picture is mirrored before it is turned. */
export function isFlipped(orientation: number): boolean {
  return (orientation & 0x04) !== 0
}

/** Writes the time of sending: 24 bits in units of 2^-18 s, which wrap after 64 s (draft-alvestrand-rmcat-remb-03 §3). */
export function putAbsSendTime(value: Uint8Array, nowMs: number): void {
  const time = Math.round((nowMs / 1000) * 2 ** 18)
  value[0] = time / 0x10000
  setUint16At(value, 1, time)
}

/** When a frame was captured (the abs-capture-time extension of WebRTC). */
export interface AbsCaptureTime {
  /** By the clock of the system that captured it. */
  readonly ntp: NtpTime
  /** What to add to that clock to get the sender's; absent where the sender does not know. */
  readonly clockOffsetMs?: number
}

const timeLength = 8
const offsetLength = 8

export function readAbsCaptureTime(packet: RtpPacket, id: number): AbsCaptureTime | undefined {
  const at = locate(packet, id, timeLength)
  if (at < 0) return undefined
  const { bytes, extensionLength } = packet
  const ntp = { seconds: uint32At(bytes, at), fraction: uint32At(bytes, at + 4) }
  if (extensionLength < timeLength + offsetLength) return { ntp }
  const seconds = (uint32At(bytes, at + 8) | 0) + uint32At(bytes, at + 12) / 2 ** 32
  return { ntp, clockOffsetMs: seconds * 1000 }
}

/** Where the element's value begins, if it has `length` bytes at least; else -1. */
function locate(packet: RtpPacket, id: number, length: number): number {
  const offset = packet.findExtension(id)
  return offset >= 0 && packet.extensionLength >= length ? offset : -1
}

function readUint8(packet: RtpPacket, id: number): number {
  const offset = locate(packet, id, 1)
  return offset < 0 ? -1 : byteAt(packet.bytes, offset)
}
