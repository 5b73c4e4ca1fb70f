import type { Connect } from './mix.ts'

/** Mixes sound for one recording, through WebAudio: what is recorded is one track without gaps, whoever comes and goes. */
export class AudioBus {
  readonly #context = new AudioContext({ sampleRate: 48_000 })

  /** Resolves when sound flows. */
  async start(): Promise<void> {
    await this.#context.resume()
  }

  /** A mix of its own: the track that is recorded, and how sounds get into it. */
  mix(): { readonly track: MediaStreamTrack; readonly connect: Connect } {
    const context = this.#context
    const destination = context.createMediaStreamDestination()
    // Several who speak at once are louder than what a file can hold. The limiter also makes everything a little louder (WebAudio §1.19.4),
    // which is taken back.
    const limiter = new DynamicsCompressorNode(context, {
      threshold: -6,
      knee: 6,
      ratio: 12,
      attack: 0.003,
      release: 0.25,
    })
    limiter.connect(new GainNode(context, { gain: 0.7 })).connect(destination)
    const [track] = destination.stream.getAudioTracks()
    if (!track) throw new Error('A mix of sound has no track.')
    return { track, connect: sound => this.#connect(sound, limiter) }
  }

  async close(): Promise<void> {
    if (this.#context.state !== 'closed') await this.#context.close()
  }

  #connect(track: MediaStreamTrack, target: AudioNode): () => void {
    const stream = new MediaStream([track])
    // Chromium hands the sound of a peer connection to WebAudio only while an element plays it too: https://crbug.com/121673
    const element = new Audio()
    element.muted = true
    element.srcObject = stream
    element.play().catch((error: unknown) => {
      if (element.srcObject) console.warn('A sound does not play:', error)
    })
    const source = this.#context.createMediaStreamSource(stream)
    source.connect(target)
    return () => {
      source.disconnect()
      element.pause()
      element.srcObject = null
    }
  }
}
