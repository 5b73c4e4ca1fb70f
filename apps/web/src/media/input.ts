import type { InputState, MediaErrorCode } from './state.ts'

/** The part of a MediaStreamTrack that an {@link Input} handles. */
export interface InputPorts {
  /** Opens a device; without an id the system's choice. Rejects with an error that {@link InputPorts.codeOf} knows. */
  readonly open: (deviceId: string | undefined) => Promise<MediaStreamTrack>
  readonly codeOf: (error: unknown) => MediaErrorCode
  readonly labelOf: (deviceId: string | undefined) => string | undefined
  readonly onState: (state: InputState) => void
  /** The device went away and another took its place. */
  readonly onReplaced: (lost: string, found: string) => void
  /** Whether the device stays open while muted, so that unmuting is instant and talking while muted can be noticed. */
  readonly openWhileMuted: boolean
}

/** Errors that concern only the chosen device: the system's default may still work. */
const elsewhere: ReadonlySet<MediaErrorCode> = new Set(['media-missing', 'media-overconstrained'])

/**
 * One microphone or camera: brings its actual state to the wanted one. A track that arrives for a request nobody wants
 * any more is stopped at once; a new device is opened before the old one is closed, where the system allows both.
 */
export class Input {
  readonly #ports: InputPorts
  #state: InputState = { status: 'off' }
  #deviceId: string | undefined
  #on = false
  #open = false
  #turn = 0

  constructor(ports: InputPorts, deviceId: string | undefined) {
    this.#ports = ports
    this.#deviceId = deviceId
  }

  get state(): InputState {
    return this.#state
  }

  /** Whether the person wants it on, even if it could not be opened. */
  get wanted(): boolean {
    return this.#on
  }

  /** Turns it on or off. A microphone that was open stays open, muted. */
  async set(on: boolean): Promise<void> {
    this.#on = on
    this.#open = on || (this.#open && this.#ports.openWhileMuted)
    const state = this.#state
    if (!this.#open) return this.release()
    if (state.status === 'on' || state.status === 'muted') this.#show({ ...state, status: on ? 'on' : 'muted' })
    else if (state.status !== 'asking') await this.#acquire()
  }

  /** Uses another device from now on; opens it at once if one is open or has failed while wanted. */
  async select(deviceId: string | undefined): Promise<void> {
    this.#deviceId = deviceId
    if (this.#open) await this.#acquire()
  }

  /** Tries again after a failure. */
  async retry(): Promise<void> {
    if (this.#state.status === 'failed' && this.#open) await this.#acquire()
  }

  /** Releases the hardware; {@link Input.set} opens it again. */
  release(): void {
    this.#on = false
    this.#open = false
    this.#turn++
    this.#stop()
    this.#show({ status: 'off' })
  }

  async #acquire(): Promise<void> {
    const turn = ++this.#turn
    if (!('track' in this.#state)) this.#show({ status: 'asking' })
    try {
      const track = await this.#openSomehow(turn)
      if (turn !== this.#turn) return track.stop()
      this.#adopt(track)
    } catch (error) {
      if (turn !== this.#turn) return
      this.#stop()
      this.#show({
        status: 'failed',
        code: this.#ports.codeOf(error),
        deviceLabel: this.#ports.labelOf(this.#deviceId),
      })
    }
  }

  async #openSomehow(turn: number): Promise<MediaStreamTrack> {
    try {
      return await this.#ports.open(this.#deviceId)
    } catch (error) {
      const code = this.#ports.codeOf(error)
      if (turn !== this.#turn) throw error
      if (code === 'media-busy' && 'track' in this.#state) {
        this.#stop()
        return this.#ports.open(this.#deviceId)
      }
      if (this.#deviceId !== undefined && elsewhere.has(code)) return this.#ports.open(undefined)
      throw error
    }
  }

  #adopt(track: MediaStreamTrack): void {
    this.#stop()
    track.addEventListener('ended', () => void this.#lost(track))
    this.#show({
      status: this.#on ? 'on' : 'muted',
      track,
      deviceId: track.getSettings().deviceId ?? '',
      label: track.label,
    })
  }

  /** The track ended without being stopped here: the device was unplugged, or the permission was revoked. */
  async #lost(track: MediaStreamTrack): Promise<void> {
    if (!('track' in this.#state) || this.#state.track !== track) return
    const chosen = this.#deviceId
    this.#turn++
    this.#show({ status: 'asking' })
    this.#deviceId = undefined
    await this.#acquire()
    this.#deviceId = chosen
    const now = this.state
    if (now.status === 'on' || now.status === 'muted') this.#ports.onReplaced(track.label, now.label)
    else if (now.status === 'failed') this.#show({ ...now, deviceLabel: track.label })
  }

  #stop(): void {
    if ('track' in this.#state) this.#state.track.stop()
  }

  #show(state: InputState): void {
    this.#state = state
    this.#ports.onState(state)
  }
}
