interface Ports {
  readonly isOn: () => boolean
  readonly set: (on: boolean) => void
}

/**
 * Speaks while a key is held. A mute by a host ends it, and the key stays dead until the person unmutes by hand: nobody
 * talks over a host by resting a finger on a key.
 */
export class PushToTalk {
  readonly #ports: Ports
  #holding = false
  #blocked = false

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /** `open`: the microphone was on already, and stays on when the key is let go. */
  press(): 'talking' | 'open' | 'blocked' {
    if (this.#blocked) return 'blocked'
    if (this.#holding) return 'talking'
    if (this.#ports.isOn()) return 'open'
    this.#holding = true
    this.#ports.set(true)
    return 'talking'
  }

  release(): void {
    if (!this.#holding) return
    this.#holding = false
    this.#ports.set(false)
  }

  mutedByHost(): void {
    this.#holding = false
    this.#blocked = true
  }

  /** The microphone went on; not by this key while it is blocked, so the person did it. */
  unmuted(): void {
    this.#blocked = false
  }
}
