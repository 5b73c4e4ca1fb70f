import type { QuietTrack } from '../types.ts'
import type { NoiseLevel } from './level.ts'
import type { NoiseContext } from './noise-graph.ts'

/** Takes the noise out of a microphone's track; see {@link Effects.suppressNoise}. */
export async function suppressNoise(
  microphone: MediaStreamTrack,
  level: NoiseLevel,
  context: NoiseContext,
): Promise<QuietTrack> {
  const done = context.use()
  try {
    const [node] = await Promise.all([context.node(level), context.running()])
    return new Suppression(microphone, level, node, context, done)
  } catch (error) {
    done()
    throw error
  }
}

class Suppression implements QuietTrack {
  readonly track: MediaStreamTrack
  readonly #context: NoiseContext
  readonly #source: MediaStreamAudioSourceNode
  readonly #out: MediaStreamAudioDestinationNode
  #level: NoiseLevel
  #node: AudioWorkletNode
  #turn = 0
  #closed = false
  readonly #done: () => void

  constructor(
    microphone: MediaStreamTrack,
    level: NoiseLevel,
    node: AudioWorkletNode,
    context: NoiseContext,
    done: () => void,
  ) {
    const { audio } = context
    this.#done = done
    this.#context = context
    this.#level = level
    this.#node = node
    this.#source = audio.createMediaStreamSource(new MediaStream([microphone]))
    this.#out = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 })
    const [track] = this.#out.stream.getAudioTracks()
    if (!track) throw new Error('This browser gives no track of an audio graph.')
    this.track = track
    this.#source.connect(node).connect(this.#out)
  }

  get level(): NoiseLevel {
    return this.#level
  }

  async change(level: NoiseLevel): Promise<void> {
    const turn = ++this.#turn
    if (level === this.#level) return
    const node = await this.#context.node(level)
    if (turn !== this.#turn || this.#closed) return end(node)
    this.#source.connect(node).connect(this.#out)
    this.#source.disconnect(this.#node)
    end(this.#node)
    this.#node = node
    this.#level = level
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#source.disconnect()
    end(this.#node)
    this.track.stop()
    this.#done()
  }
}

/** Stops the processor, which a browser would keep alive as long as its context. */
function end(node: AudioWorkletNode): void {
  node.disconnect()
  node.port.postMessage('destroy')
}
