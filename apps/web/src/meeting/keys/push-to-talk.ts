interface Ports {
  readonly isOn: () => boolean
  readonly set: (on: boolean) => void
}

/**
 * Unmutes while a key is held. A mute by a host ends it, and the key stays blocked until the person unmutes by hand, so
 * that nobody talks over a host by resting a finger on a key.
 */
export class PushToTalk {
  readonly #ports: Ports
  #holding = false
  #blocked = false

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /** `open`: the microphone was already on, and stays on when the key is released. */
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

  /** The microphone was turned on. A blocked key cannot have done that, so the person did, which ends the block. */
  unmuted(): void {
    this.#blocked = false
  }
}
