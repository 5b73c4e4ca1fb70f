import { type InputState, trackOf } from './state.ts'

/** A device's track after something was done to it. */
export interface Treated<Choice> {
  /** Takes the place of the device's track; it stays the same while the choice changes. */
  readonly track: MediaStreamTrack
  change(choice: Choice): void
  /** Ends `track`, not the device's. */
  close(): void
}

export interface TreatmentPorts<Choice> {
  /** Starts it on a device's track. `first`: nothing of this device, or the one before it, was shown untreated. */
  readonly start: (device: MediaStreamTrack, choice: Choice, first: boolean) => Promise<Treated<Choice>>
  /** Whether the device is kept back until its treatment has started. */
  readonly holds: (choice: Choice) => boolean
  /** What of the device is shown and sent. */
  readonly onState: (state: InputState) => void
  /** It could not be started: the device goes on untreated. */
  readonly onFailed: (error: unknown) => void
}

/**
 * Stands between a device and everybody who shows or sends what it gives: puts a treatment on whatever track the device has,
 * and takes it off. While it starts, the device's own track goes on.
 */
export class Treatment<Choice> {
  readonly #ports: TreatmentPorts<Choice>
  #choice: Choice | undefined
  #state: InputState = { status: 'off' }
  #treated: Treated<Choice> | undefined
  #held = false
  #turn = 0

  /** @param choice Undefined: nothing is done to it. */
  constructor(ports: TreatmentPorts<Choice>, choice: Choice | undefined) {
    this.#ports = ports
    this.#choice = choice
  }

  /** Whether what is shown and sent is treated. */
  get active(): boolean {
    return this.#treated !== undefined
  }

  /** The device's state has changed. */
  handle(state: InputState): void {
    const changed = trackOf(state) !== trackOf(this.#state)
    this.#state = state
    if (changed) this.#beginAnew()
    else this.#show()
  }

  #beginAnew(): void {
    const device = trackOf(this.#state)
    const before = this.#treated
    this.#turn++
    this.#treated = undefined
    this.#held = false
    if (device && this.#choice !== undefined) this.#start(device, this.#choice, true)
    this.#show()
    before?.close()
  }

  /** Does something else from now on; `undefined`: nothing. */
  choose(choice: Choice | undefined): void {
    this.#choice = choice
    const device = trackOf(this.#state)
    if (choice === undefined) {
      const before = this.#treated
      this.#turn++
      this.#treated = undefined
      this.#held = false
      this.#show()
      before?.close()
    } else if (this.#treated) this.#treated.change(choice)
    else if (device) this.#start(device, choice, this.#held)
  }

  #start(device: MediaStreamTrack, choice: Choice, first: boolean): void {
    const turn = ++this.#turn
    this.#held = first && this.#ports.holds(choice)
    this.#ports.start(device, choice, this.#held).then(
      treated => {
        if (turn !== this.#turn) return treated.close()
        this.#treated = treated
        this.#held = false
        this.#show()
      },
      (error: unknown) => {
        if (turn !== this.#turn) return
        this.#held = false
        this.#ports.onFailed(error)
        this.#show()
      },
    )
  }

  #show(): void {
    this.#ports.onState(this.#outside())
  }

  /** The device's state as others see it. */
  #outside(): InputState {
    const state = this.#state
    if (state.status !== 'on' && state.status !== 'muted') return state
    if (this.#treated) return { ...state, track: this.#treated.track }
    return this.#held ? { status: 'asking' } : state
  }
}
