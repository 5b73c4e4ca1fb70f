import { byteAt, setUint16At, uint16At } from '@parley/bytes'
import type { RtpPacket } from '../packet/rtp-packet.ts'

/*
 * The values of header extensions. `read*` takes the id that was negotiated (0 if none was) and returns -1, or undefined,
 * where the packet has no such element or a shorter one. `put*` writes into an array that HeaderRewrite.setExtension keeps.
 */

/** Bytes of each value that a server sends. */
export const extensionLengths = {
  audioLevel: 1,
  videoOrientation: 1,
  transportSequenceNumber: 2,
  absSendTime: 3,
  playoutDelay: 3,
} as const

/** Where the element is, if it has `length` bytes at least; else -1. */
function locate(packet: RtpPacket, id: number, length: number): number {
  const offset = packet.findExtension(id)
  return offset >= 0 && packet.extensionLength >= length ? offset : -1
}

function readUint8(packet: RtpPacket, id: number): number {
  const offset = locate(packet, id, 1)
  return offset < 0 ? -1 : byteAt(packet.bytes, offset)
}

function readUint24(packet: RtpPacket, id: number): number {
  const offset = locate(packet, id, 3)
  return offset < 0 ? -1 : (byteAt(packet.bytes, offset) << 16) | uint16At(packet.bytes, offset + 1)
}

function putUint24(value: Uint8Array, number: number): void {
  value[0] = number >>> 16
  setUint16At(value, 1, number)
}

/** The number that counts all packets of a transport. */
export function readTransportSequenceNumber(packet: RtpPacket, id: number): number {
  const offset = locate(packet, id, extensionLengths.transportSequenceNumber)
  return offset < 0 ? -1 : uint16At(packet.bytes, offset)
}

export function putTransportSequenceNumber(value: Uint8Array, sequenceNumber: number): void {
  setUint16At(value, 0, sequenceNumber)
}

const absSendTimeUnits = 2 ** 18
const absSendTimeModulus = 2 ** 24

/** When the packet was sent: 24 bits, in 2^-18 s, which come round every 64 s. */
export function readAbsSendTime(packet: RtpPacket, id: number): number {
  return readUint24(packet, id)
}

export function putAbsSendTime(value: Uint8Array, nowMs: number): void {
  putUint24(value, Math.round((nowMs / 1000) * absSendTimeUnits) % absSendTimeModulus)
}

/** Milliseconds between two send times, the short way round: within 32 s. */
export function absSendTimeDistanceMs(from: number, to: number): number {
  return ((((to - from) << 8) >> 8) * 1000) / absSendTimeUnits
}

/** The audio level in -dBov, 0 (loudest) to 127 (silence), with 128 added if there is voice (RFC 6464 §3). */
export function readAudioLevel(packet: RtpPacket, id: number): number {
  return readUint8(packet, id)
}

/** From what {@link readAudioLevel} returns: 0 (loudest) to 127 (silence), in -dBov. */
export function levelOf(audioLevel: number): number {
  return audioLevel & 0x7f
}

/** From what {@link readAudioLevel} returns: whether the sender says that somebody speaks. */
export function hasVoice(audioLevel: number): boolean {
  return audioLevel >= 0x80
}

export function putAudioLevel(value: Uint8Array, level: number, voice: boolean): void {
  value[0] = (voice ? 0x80 : 0) | (level & 0x7f)
}

/** How a picture is to be turned for display: one byte; see {@link rotationOf}. */
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

export function putVideoOrientation(value: Uint8Array, rotation: 0 | 90 | 180 | 270, flipped: boolean): void {
  value[0] = (flipped ? 0x04 : 0) | (rotation / 90)
}

const playoutDelayUnitMs = 10
const maxPlayoutDelay = 0xfff

/** Least and most delay before display, two times 12 bits; see {@link playoutDelayMs}. */
export function readPlayoutDelay(packet: RtpPacket, id: number): number {
  return readUint24(packet, id)
}

export function playoutDelayMs(value: number): { min: number; max: number } {
  return { min: (value >> 12) * playoutDelayUnitMs, max: (value & maxPlayoutDelay) * playoutDelayUnitMs }
}

/** Rounds to 10 ms; 40,950 ms is the most there is. */
export function putPlayoutDelay(value: Uint8Array, minMs: number, maxMs: number): void {
  const units = (ms: number) => Math.min(maxPlayoutDelay, Math.max(0, Math.round(ms / playoutDelayUnitMs)))
  putUint24(value, (units(minMs) << 12) | units(maxMs))
}

/** By how much later the packet was sent than its timestamp says, in units of that (RFC 5450); 0 where it does not say. */
export function readTransmissionOffset(packet: RtpPacket, id: number): number {
  const value = readUint24(packet, id)
  return value < 0 ? 0 : (value << 8) >> 8
}
