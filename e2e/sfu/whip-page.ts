interface Session {
  readonly connection: RTCPeerConnection
  readonly location: string
}

export interface Heard {
  /** By kind: what the statistics call the codec, such as `video/VP8`. */
  readonly codecs: Readonly<Record<string, string>>
  readonly framesDecoded: number
  readonly totalAudioEnergy: number
}

/** Publishers by WHIP and players by WHEP in one page; runs there, so it may use nothing from outside. */
export function whipPage() {
  const sessions = new Map<string, Session>()
  const session = (name: string): Session => {
    const found = sessions.get(name)
    if (!found) throw new Error(`Nobody is called ${name}.`)
    return found
  }
  const exchange = async (path: string, connection: RTCPeerConnection): Promise<Session> => {
    await connection.setLocalDescription()
    const headers = { 'content-type': 'application/sdp' }
    const body = connection.localDescription?.sdp ?? ''
    const answer = await fetch(path, { method: 'POST', headers, body })
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
    await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
    return { connection, location: answer.headers.get('location') ?? '' }
  }
  const codecsOf = (mimeType: string) =>
    (RTCRtpSender.getCapabilities(mimeType.split('/')[0] ?? '')?.codecs ?? []).filter(
      codec => codec.mimeType.toLowerCase() === mimeType.toLowerCase(),
    )

  return {
    canSend: (mimeType: string): boolean => codecsOf(mimeType).length > 0,

    /** Sends the camera and the microphone, each with these codecs, the first one preferred. */
    async publish(name: string, room: string, codecs: readonly string[]): Promise<void> {
      const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 180 } })
      const connection = new RTCPeerConnection()
      for (const track of media.getTracks()) {
        const transceiver = connection.addTransceiver(track, { direction: 'sendonly', streams: [media] })
        const chosen = codecs.filter(codec => codec.startsWith(`${track.kind}/`)).flatMap(codecsOf)
        if (chosen.length > 0) transceiver.setCodecPreferences([...chosen, ...codecsOf(`${track.kind}/rtx`)])
      }
      sessions.set(name, await exchange(`/whip/${room}`, connection))
    },

    /** Plays a room. Resolves with the time from the connection to the first picture, ms. */
    async play(name: string, room: string): Promise<number> {
      const connection = new RTCPeerConnection()
      const video = document.createElement('video')
      video.muted = true
      const seen = new Promise<number>(resolve => video.requestVideoFrameCallback(resolve))
      const connected = new Promise<number>(resolve => {
        connection.addEventListener('connectionstatechange', () => {
          if (connection.connectionState === 'connected') resolve(performance.now())
        })
      })
      connection.ontrack = ({ track }) => {
        // Sound that nobody plays is not decoded.
        const player = track.kind === 'video' ? video : new Audio()
        player.srcObject = new MediaStream([track])
        void player.play()
      }
      for (const kind of ['video', 'audio']) connection.addTransceiver(kind, { direction: 'recvonly' })
      sessions.set(name, await exchange(`/whep/${room}`, connection))
      return (await seen) - (await connected)
    },

    /** Sends the picture with another of the codecs that were agreed, without a new description. */
    async sendWith(name: string, mimeType: string): Promise<void> {
      const sender = session(name)
        .connection.getSenders()
        .find(({ track }) => track?.kind === 'video')
      if (!sender) throw new Error(`${name} sends no picture.`)
      const parameters = sender.getParameters()
      const codec = parameters.codecs.find(known => known.mimeType === mimeType)
      const encodings = parameters.encodings.map(encoding => ({ ...encoding, codec }))
      await sender.setParameters({ ...parameters, encodings } as RTCRtpSendParameters)
    },

    /** Restarts ICE as RFC 9725 §4.3.3 has it. Returns the new name of the server's side. */
    async restart(name: string): Promise<string> {
      const { connection, location } = session(name)
      connection.restartIce()
      await connection.setLocalDescription(await connection.createOffer({ iceRestart: true }))
      const lineOf = (sdp: string, attribute: string) => sdp.match(new RegExp(`^a=${attribute}:.*$`, 'm'))?.[0] ?? ''
      const local = connection.localDescription?.sdp ?? ''
      const body = `${lineOf(local, 'ice-ufrag')}\r\n${lineOf(local, 'ice-pwd')}\r\n`
      const headers = { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' }
      const answer = await fetch(location, { method: 'PATCH', headers, body })
      if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
      const fragment = await answer.text()
      const sdp = (connection.remoteDescription?.sdp ?? '')
        .replace(/^a=ice-ufrag:.*$/gm, lineOf(fragment, 'ice-ufrag'))
        .replace(/^a=ice-pwd:.*$/gm, lineOf(fragment, 'ice-pwd'))
      await connection.setRemoteDescription({ type: 'answer', sdp })
      return lineOf(fragment, 'ice-ufrag')
    },

    /** What a player receives. */
    async heard(name: string): Promise<Heard> {
      const stats = await session(name).connection.getStats()
      const inbound = [...stats.values()].filter(({ type }) => type === 'inbound-rtp')
      const total = (key: string) => inbound.reduce((sum, entry) => sum + (Number(entry[key]) || 0), 0)
      const codecs = inbound.map(({ kind, codecId }) => [kind, String(stats.get(codecId)?.mimeType)])
      return {
        codecs: Object.fromEntries(codecs),
        framesDecoded: total('framesDecoded'),
        totalAudioEnergy: total('totalAudioEnergy'),
      }
    },

    /** The names by which the server checks the ways that are in use now. */
    async usedCredentials(name: string): Promise<readonly string[]> {
      const stats = await session(name).connection.getStats()
      const transports = [...stats.values()].filter(({ type }) => type === 'transport')
      return transports.flatMap(({ selectedCandidatePairId }) => {
        const remote = stats.get(stats.get(selectedCandidatePairId)?.remoteCandidateId)
        return remote ? [String(remote.usernameFragment)] : []
      })
    },

    close(): void {
      for (const { connection } of sessions.values()) {
        for (const { track } of connection.getSenders()) track?.stop()
        connection.close()
      }
      sessions.clear()
    },
  }
}

export type WhipPage = ReturnType<typeof whipPage>
