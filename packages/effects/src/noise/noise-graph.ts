import type { NoiseLevel } from './level.ts'

/** Both models work at this rate, Hz. */
const sampleRate = 48_000

const processors: Record<NoiseLevel, { readonly script: string; readonly program: string; readonly name: string }> = {
  standard: {
    script: 'rnnoise-worklet.js',
    program: 'rnnoise_simd.wasm',
    name: '@sapphi-red/web-noise-suppressor/rnnoise',
  },
  strong: { script: 'gtcrn-worklet.js', program: 'gtcrn.wasm', name: '@sapphi-red/web-noise-suppressor/gtcrn' },
}

/** One for the page: its thread, and what is loaded into it, serve every track. */
const contexts = new Map<string, NoiseContext>()

/**
 * The page's audio thread for taking out noise, with what was fetched for it. `assets` is the folder with the files. Whoever uses it
 * says so ({@link NoiseContext.use}); when nobody does any more it is closed, and the next is another.
 */
export function noiseContext(assets: string): NoiseContext {
  const context = contexts.get(assets) ?? new NoiseContext(assets, () => contexts.delete(assets))
  contexts.set(assets, context)
  return context
}

export class NoiseContext {
  readonly #assets: string
  readonly #loaded = new Map<NoiseLevel, Promise<ArrayBuffer>>()
  #users = 0
  readonly #closed: () => void
  readonly audio: AudioContext

  constructor(assets: string, closed: () => void) {
    this.#assets = assets
    this.#closed = closed
    this.audio = new AudioContext({ sampleRate, latencyHint: 'interactive' })
  }

  /**
   * A node of that level, one channel wide.
   * @throws {Error} If a file does not arrive. It may be tried again.
   */
  async node(level: NoiseLevel): Promise<AudioWorkletNode> {
    const loading = this.#loaded.get(level) ?? this.#load(level)
    this.#loaded.set(level, loading)
    try {
      const wasmBinary = await loading
      return new AudioWorkletNode(this.audio, processors[level].name, {
        channelCount: 1,
        channelCountMode: 'explicit',
        outputChannelCount: [1],
        processorOptions: { maxChannels: 1, wasmBinary },
      })
    } catch (error) {
      this.#loaded.delete(level)
      throw error
    }
  }

  /** Somebody's sound goes through it, until the returned function is called. */
  use(): () => void {
    let used = true
    this.#users++
    return () => {
      if (!used) return
      used = false
      this.#users--
      if (this.#users > 0) return
      this.#closed()
      void this.audio.close()
    }
  }

  /**
   * Resolves when sound flows: browsers let a page that uses the microphone begin by itself, else it begins with the person's
   * next press.
   */
  running(): Promise<void> {
    const { audio } = this
    if (audio.state === 'running') return Promise.resolve()
    return new Promise(resolve => {
      const wake = () => void audio.resume()
      const gestures = ['pointerdown', 'keydown'] as const
      for (const gesture of gestures) addEventListener(gesture, wake, { passive: true })
      const changed = () => {
        if (audio.state !== 'running') return
        for (const gesture of gestures) removeEventListener(gesture, wake)
        audio.removeEventListener('statechange', changed)
        resolve()
      }
      audio.addEventListener('statechange', changed)
      wake()
    })
  }

  async #load(level: NoiseLevel): Promise<ArrayBuffer> {
    const { script, program } = processors[level]
    const address = (file: string) => new URL(file, this.#assets).href
    const [answer] = await Promise.all([fetch(address(program)), this.audio.audioWorklet.addModule(address(script))])
    if (!answer.ok) throw new Error(`${address(program)}: ${answer.status}`)
    return answer.arrayBuffer()
  }
}
