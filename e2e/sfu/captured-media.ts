import { captures } from '../../packages/rtp/testdata/corpus.ts'

/** A track that says the same over and over, in packets that Chromium once made. */
export interface Repeated {
  readonly everyMs: number
  /** Calls `send` with each packet of the next frame. */
  next(send: (packet: Buffer) => void): void
}

/** A key frame of a small picture, ten times a second. */
export function h264(ssrc: number, payloadType: number): Repeated {
  const [keyFrame] = payloadsOf('chromium-h264')
  return repeated({ ssrc, payloadType, everyMs: 100, clockRate: 90_000, frame: () => (keyFrame ? [keyFrame] : []) })
}

/** A key frame in four packets, ten times a second; each has a picture id of its own (RFC 7741 §4.2). */
export function vp8(ssrc: number, payloadType: number): Repeated {
  const keyFrame = payloadsOf('chromium-vp8').slice(0, 4)
  const frame = (number: number) =>
    keyFrame.map(payload => {
      const numbered = Buffer.from(payload)
      numbered.writeUInt16BE(0x8000 | (number & 0x7fff), 2)
      numbered.writeUInt8(number & 0xff, 4)
      return numbered
    })
  return repeated({ ssrc, payloadType, everyMs: 100, clockRate: 90_000, frame })
}

/** A tone, in packets of 20 ms. */
export function opus(ssrc: number, payloadType: number): Repeated {
  const tone = payloadsOf('chromium-opus')
  const frame = (number: number) => [tone[number % tone.length] as Buffer]
  return repeated({ ssrc, payloadType, everyMs: 20, clockRate: 48_000, frame })
}

interface Repetition {
  readonly ssrc: number
  readonly payloadType: number
  readonly everyMs: number
  readonly clockRate: number
  readonly frame: (number: number) => readonly Buffer[]
}

function repeated({ ssrc, payloadType, everyMs, clockRate, frame }: Repetition): Repeated {
  let [number, sequenceNumber, timestamp] = [0, 0, 0]
  return {
    everyMs,
    next(send) {
      const payloads = frame(number++)
      for (const [index, payload] of payloads.entries()) {
        const header = Buffer.alloc(12)
        header.writeUInt8(0x80, 0)
        header.writeUInt8(payloadType | (index === payloads.length - 1 ? 0x80 : 0), 1)
        header.writeUInt16BE(sequenceNumber++ & 0xffff, 2)
        header.writeUInt32BE(timestamp, 4)
        header.writeUInt32BE(ssrc, 8)
        send(Buffer.concat([header, payload]))
      }
      timestamp += (clockRate * everyMs) / 1000
    },
  }
}

function payloadsOf(name: string): Buffer[] {
  const packets = captures().find(capture => capture.name === name)?.rtp ?? []
  // Chromium's packets have one header extension and no CSRCs.
  return packets.map(packet => {
    const words = Buffer.from(packet.buffer, packet.byteOffset).readUInt16BE(14)
    return Buffer.from(packet.subarray(16 + 4 * words))
  })
}
