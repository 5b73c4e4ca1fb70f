import { setUint32At, uint32At } from '@parley/bytes'
import type { RtpPacket } from '../packet/rtp-packet.ts'
import type { NtpTime } from '../rtcp/ntp.ts'

/** When the frame was captured, by the clock of the system that captured it. */
export interface AbsCaptureTime {
  readonly ntp: NtpTime
  /** What to add to that clock to have the sender's, where they differ and the sender knows. */
  readonly clockOffsetMs?: number
}

const timeLength = 8
const offsetLength = 8
const fraction = 0x100000000

/** Undefined where the packet does not say. */
export function readAbsCaptureTime(packet: RtpPacket, id: number): AbsCaptureTime | undefined {
  const at = packet.findExtension(id)
  const { bytes, extensionLength } = packet
  if (at < 0 || extensionLength < timeLength) return undefined
  const ntp = { seconds: uint32At(bytes, at), fraction: uint32At(bytes, at + 4) }
  if (extensionLength < timeLength + offsetLength) return { ntp }
  const seconds = (uint32At(bytes, at + 8) | 0) + uint32At(bytes, at + 12) / fraction
  return { ntp, clockOffsetMs: seconds * 1000 }
}

/** The value, for HeaderRewrite.setExtension. */
export function absCaptureTimeBytes({ ntp, clockOffsetMs }: AbsCaptureTime): Uint8Array {
  const bytes = new Uint8Array(clockOffsetMs === undefined ? timeLength : timeLength + offsetLength)
  setUint32At(bytes, 0, ntp.seconds)
  setUint32At(bytes, 4, ntp.fraction)
  if (clockOffsetMs !== undefined) {
    const seconds = Math.floor(clockOffsetMs / 1000)
    setUint32At(bytes, 8, seconds)
    setUint32At(bytes, 12, Math.floor((clockOffsetMs / 1000 - seconds) * fraction))
  }
  return bytes
}
