import datachannel from 'node-datachannel'
import { MediaStreamTrack, RTCPeerConnection, useH264, useOPUS, useSdesMid, useVP8 } from 'werift'
import { h264, opus, type Repeated, vp8 } from './captured-media.ts'

export type Kind = 'audio' | 'video'

/** Sends an offer and resolves with the answer. */
export type Exchange = (offer: string) => Promise<string>

/** A WebRTC implementation that is neither ours nor a browser's. */
interface ForeignStack {
  /** Sends a picture and a tone until it is closed. */
  publish(exchange: Exchange): Promise<{ close(): void }>
  /** Receives a picture and a sound; told of each RTP packet. */
  play(exchange: Exchange, onPacket: (kind: Kind, packet: Buffer) => void): Promise<{ close(): void }>
}

const kinds = ['video', 'audio'] as const

/** libdatachannel (C++). */
const libdatachannel: ForeignStack = {
  async publish(exchange) {
    const { connection, tracks, close } = await datachannelConnection('SendOnly', exchange)
    await new Promise<void>(resolve => {
      connection.onStateChange(state => state === 'connected' && resolve())
      if (connection.state() === 'connected') resolve()
    })
    const stops = [repeat(h264(1, 102), packet => tracks.video.sendMessageBinary(packet))]
    stops.push(repeat(opus(2, 111), packet => tracks.audio.sendMessageBinary(packet)))
    return {
      close() {
        for (const stop of stops) stop()
        close()
      },
    }
  },
  async play(exchange, onPacket) {
    const { tracks, close } = await datachannelConnection('RecvOnly', exchange)
    for (const kind of kinds) tracks[kind].onMessage(packet => !isRtcp(packet) && onPacket(kind, packet))
    return { close }
  },
}

async function datachannelConnection(direction: 'SendOnly' | 'RecvOnly', exchange: Exchange) {
  const connection = new datachannel.PeerConnection(direction, { iceServers: [] })
  const video = new datachannel.Video('video', direction)
  video.addH264Codec(102)
  video.addVP8Codec(96)
  const audio = new datachannel.Audio('audio', direction)
  audio.addOpusCodec(111)
  if (direction === 'SendOnly') {
    video.addSSRC(1, 'foreign', 'stream', 'video')
    audio.addSSRC(2, 'foreign', 'stream', 'audio')
  }
  const tracks = { video: connection.addTrack(video), audio: connection.addTrack(audio) }
  connection.setLocalDescription()
  connection.setRemoteDescription(await exchange(connection.localDescription()?.sdp ?? ''), 'answer')
  const close = () => {
    for (const kind of kinds) tracks[kind].close()
    connection.close()
  }
  return { connection, tracks, close }
}

/** TypeScript. */
const werift: ForeignStack = {
  async publish(exchange) {
    const connection = weriftConnection()
    const tracks = { video: new MediaStreamTrack({ kind: 'video' }), audio: new MediaStreamTrack({ kind: 'audio' }) }
    for (const kind of kinds) connection.addTransceiver(tracks[kind], { direction: 'sendonly' })
    await negotiate(connection, exchange)
    await connection.connectionStateChange.watch(state => state === 'connected')
    const stops = [repeat(vp8(1, 96), packet => tracks.video.writeRtp(packet))]
    stops.push(repeat(opus(2, 97), packet => tracks.audio.writeRtp(packet)))
    return {
      close() {
        for (const stop of stops) stop()
        void connection.close()
      },
    }
  },
  async play(exchange, onPacket) {
    const connection = weriftConnection()
    connection.onTrack.subscribe(track => {
      track.onReceiveRtp.subscribe(packet => onPacket(track.kind === 'audio' ? 'audio' : 'video', packet.serialize()))
    })
    for (const kind of kinds) connection.addTransceiver(kind, { direction: 'recvonly' })
    await negotiate(connection, exchange)
    return { close: () => void connection.close() }
  },
}

function weriftConnection(): RTCPeerConnection {
  return new RTCPeerConnection({
    iceServers: [],
    codecs: { video: [useVP8(), useH264()], audio: [useOPUS()] },
    headerExtensions: { video: [useSdesMid()], audio: [useSdesMid()] },
  })
}

async function negotiate(connection: RTCPeerConnection, exchange: Exchange): Promise<void> {
  await connection.setLocalDescription(await connection.createOffer())
  const sdp = await exchange(connection.localDescription?.sdp ?? '')
  await connection.setRemoteDescription({ type: 'answer', sdp })
}

export const foreignStacks = { 'node-datachannel': libdatachannel, werift } as const

/** Returns what ends it. */
function repeat(track: Repeated, send: (packet: Buffer) => void): () => void {
  const timer = setInterval(() => track.next(send), track.everyMs)
  return () => clearInterval(timer)
}

/** RFC 5761 §4. */
function isRtcp(packet: Buffer): boolean {
  const type = packet.readUInt8(1)
  return type >= 192 && type <= 223
}
