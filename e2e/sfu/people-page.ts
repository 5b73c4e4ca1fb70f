import type { AnnouncedTrack } from '@parley/protocol'

interface Person {
  readonly publish: RTCPeerConnection
  subscribe: RTCPeerConnection
  /** What is announced, by transceiver. */
  readonly tracks: Map<RTCRtpTransceiver, AnnouncedTrack>
}

export interface Received {
  readonly mid: string | null
  readonly kind: string
  readonly streams: readonly string[]
}

export type Recipe = 'microphone' | 'camera' | 'simulcast' | 'screen' | 'data'

/**
 * People with a connection to publish and one to subscribe each; runs inside a page, so it may use nothing from outside.
 * No description is touched on its way.
 */
export function peoplePage() {
  const people = new Map<string, Person>()
  const person = (name: string): Person => {
    const found = people.get(name)
    if (!found) throw new Error(`Nobody is called ${name}.`)
    return found
  }
  const canvasTrack = () => {
    const canvas = document.createElement('canvas')
    canvas.getContext('2d')?.fillRect(0, 0, 9, 9)
    return canvas.captureStream(5).getVideoTracks()[0]!
  }
  const audioTrack = () => new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0]!
  const layers = [{ rid: 'l', scaleResolutionDownBy: 4 }, { rid: 'm', scaleResolutionDownBy: 2 }, { rid: 'h' }]
  const codecs = (mimeType: string) =>
    (RTCRtpSender.getCapabilities('video')?.codecs ?? []).filter(codec => codec.mimeType === mimeType)

  return {
    make(name: string): void {
      people.set(name, { publish: new RTCPeerConnection(), subscribe: new RTCPeerConnection(), tracks: new Map() })
    },

    /** @returns The index of the new transceiver. */
    add(name: string, recipe: Recipe): number {
      const { publish, tracks } = person(name)
      if (recipe === 'data') {
        publish.createDataChannel('data')
        return -1
      }
      const track = recipe === 'microphone' ? audioTrack() : canvasTrack()
      const stream = new MediaStream([track])
      const sendEncodings = recipe === 'simulcast' ? layers : []
      const transceiver = publish.addTransceiver(track, { direction: 'sendonly', streams: [stream], sendEncodings })
      if (recipe === 'screen') transceiver.setCodecPreferences([...codecs('video/AV1'), ...codecs('video/rtx')])
      tracks.set(transceiver, { id: stream.id, source: recipe === 'simulcast' ? 'camera' : recipe })
      return publish.getTransceivers().indexOf(transceiver)
    },

    stop(name: string, index: number): void {
      person(name).publish.getTransceivers()[index]?.stop()
    },

    direct(name: string, index: number, direction: 'sendonly' | 'inactive'): void {
      const transceiver = person(name).publish.getTransceivers()[index]
      if (transceiver) transceiver.direction = direction
    },

    restart(name: string): void {
      person(name).publish.restartIce()
    },

    async offer(name: string) {
      const { publish, tracks } = person(name)
      await publish.setLocalDescription()
      const live = publish.getTransceivers().filter(({ direction }) => direction === 'sendonly')
      const announced = live.flatMap(transceiver => tracks.get(transceiver) ?? [])
      return { sdp: publish.localDescription?.sdp ?? '', tracks: announced }
    },

    async answered(name: string, sdp: string): Promise<void> {
      await person(name).publish.setRemoteDescription({ type: 'answer', sdp })
    },

    async offered(name: string, sdp: string): Promise<string> {
      const { subscribe } = person(name)
      await subscribe.setRemoteDescription({ type: 'offer', sdp })
      await subscribe.setLocalDescription()
      return subscribe.localDescription?.sdp ?? ''
    },

    /** What the subscribe connection receives by its last description. */
    received(name: string): Received[] {
      const { subscribe } = person(name)
      const sdp = subscribe.remoteDescription?.sdp ?? ''
      const live = subscribe.getTransceivers().filter(({ currentDirection }) => currentDirection === 'recvonly')
      return live.map(({ mid, receiver }) => {
        const section = sdp.split('\r\nm=').find(text => text.includes(`\r\na=mid:${mid}\r\n`)) ?? ''
        const streams = [...section.matchAll(/^a=msid:(\S+)/gm)].flatMap(([, stream]) => stream ?? [])
        return { mid, kind: receiver.track.kind, streams }
      })
    },

    states(name: string): readonly string[] {
      const { publish, subscribe } = person(name)
      return [publish.signalingState, subscribe.signalingState]
    },

    /** An offer to play a sound and a picture. */
    async playOffer(name: string): Promise<string> {
      const { subscribe } = person(name)
      for (const kind of ['audio', 'video']) subscribe.addTransceiver(kind, { direction: 'recvonly' })
      await subscribe.setLocalDescription()
      return subscribe.localDescription?.sdp ?? ''
    },

    async played(name: string, sdp: string): Promise<void> {
      await person(name).subscribe.setRemoteDescription({ type: 'answer', sdp })
    },
  }
}

export type PeoplePage = ReturnType<typeof peoplePage>
