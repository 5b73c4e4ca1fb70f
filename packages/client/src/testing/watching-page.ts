// Runs in the page: one sends a camera of 720 lines and a microphone, another shows them in a full window.
import type { TopologyWish } from '@parley/protocol'
import { connect, createCamera, createMicrophone, type Room } from '../index.ts'

/** What has come of the picture so far. */
export interface Seen {
  readonly atMs: number
  /** Of pictures and sound, with headers and retransmissions. */
  readonly bytes: number
  readonly height: number
  readonly frames: number
  readonly freezes: number
  readonly frozenMs: number
  /** Share of the sound that was made up, 0 to 1, since the start. */
  readonly concealed: number
  /** Round trip of the connection, of which all above the least is a queue; ms. */
  readonly roundTripMs: number
}

const connections: RTCPeerConnection[] = []
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration)
    connections.push(this)
  }
}

async function enter(name: string, topology: TopologyWish): Promise<Room> {
  const session = await connect(location.origin, { name: 'Somebody' })
  return session.join(name, { topology })
}

async function send(name: string, topology: TopologyWish): Promise<void> {
  const room = await enter(name, topology)
  const [camera, microphone] = await Promise.all([createCamera(), createMicrophone()])
  await Promise.all([room.publish('camera', camera), room.publish('microphone', microphone)])
}

async function watch(name: string, topology: TopologyWish): Promise<void> {
  const room = await enter(name, topology)
  const shown = new Set<MediaStreamTrack>()
  room.on('changed', ({ participants }) => {
    for (const { id, tracks } of participants) {
      for (const track of tracks) {
        if (!track.mediaTrack || shown.has(track.mediaTrack)) continue
        shown.add(track.mediaTrack)
        const element = document.createElement(track.kind)
        element.autoplay = true
        element.srcObject = new MediaStream([track.mediaTrack])
        element.style.cssText = 'position: fixed; inset: 0; width: 100%; height: 100%'
        document.body.append(element)
        if (track.kind === 'video') room.view(id, track.id, element)
      }
    }
  })
}

async function seen(): Promise<Seen> {
  const sum = { bytes: 0, height: 0, frames: 0, freezes: 0, frozenMs: 0, concealed: 0, roundTripMs: 0 }
  for (const connection of connections.filter(({ connectionState }) => connectionState === 'connected')) {
    for (const entry of (await connection.getStats()).values()) {
      if (entry.type === 'inbound-rtp') {
        sum.bytes += entry.bytesReceived + entry.headerBytesReceived
        if (entry.kind === 'audio' && entry.totalSamplesReceived > 0) {
          sum.concealed = entry.concealedSamples / entry.totalSamplesReceived
        }
        if (entry.kind !== 'video') continue
        sum.height = Math.max(sum.height, entry.frameHeight ?? 0)
        sum.frames += entry.framesDecoded
        sum.freezes += entry.freezeCount
        sum.frozenMs += entry.totalFreezesDuration * 1000
      }
      if (entry.type === 'candidate-pair' && entry.nominated && entry.currentRoundTripTime !== undefined) {
        sum.roundTripMs = Math.max(sum.roundTripMs, entry.currentRoundTripTime * 1000)
      }
    }
  }
  return { atMs: performance.now(), ...sum }
}

const page = { send, watch, seen }
export type WatchingPage = typeof page
Object.assign(globalThis, page)
