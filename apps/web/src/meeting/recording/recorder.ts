import type { Room } from '@parley/client'
import type { LocalRecording, LocalRecordingState, RecordOptions } from '@parley/recording'
import { createStore, type StoreApi } from 'zustand'

/** What the recorder is doing. */
export type RecorderState =
  | { readonly phase: 'idle' }
  /** Its code is being fetched. */
  | { readonly phase: 'loading' }
  /** `left` seconds until it starts. */
  | { readonly phase: 'countdown'; readonly left: number }
  /** The others are being told. */
  | { readonly phase: 'starting' }
  | { readonly phase: 'recording'; readonly recording: LocalRecording }
  /** `progress` from 0 to 1. */
  | { readonly phase: 'finishing'; readonly progress: number }

export type Outcome = Extract<LocalRecordingState, { readonly status: 'ended' }>

/** Why it did not start: its code could not be fetched, the others could not be told, or the recorder itself failed. */
export type StartFailure = { readonly at: 'load' | 'tell' | 'record'; readonly error: unknown }

export interface RecorderPorts {
  /** Fetches the recorder's code. */
  readonly load: () => Promise<{ readonly record: (room: Room, options: RecordOptions) => Promise<LocalRecording> }>
  /** Resolves after so many ms. */
  readonly wait: (ms: number) => Promise<void>
  readonly failed: (failure: StartFailure) => void
  readonly ended: (outcome: Outcome) => void
}

const countFrom = 3

/** The one recorder of this page. It outlives the meeting's screen, since a recording is finished after one has left. */
export class Recorder {
  readonly store: StoreApi<RecorderState> = createStore<RecorderState>(() => ({ phase: 'idle' }))
  readonly #ports: RecorderPorts
  /** Of the start that is under way; another one means that it was cancelled. */
  #attempt = 0

  constructor(ports: RecorderPorts) {
    this.#ports = ports
  }

  /** Fetches the recorder, counts down and starts. Does nothing while there is a recording. */
  async start(room: Room, options: RecordOptions): Promise<void> {
    if (this.store.getState().phase !== 'idle') return
    const attempt = ++this.#attempt
    const isOff = () => attempt !== this.#attempt || room.state.status.status === 'ended'
    const stopListening = room.on('ended', () => this.cancel())
    try {
      await this.#begin(room, options, isOff)
    } catch (failure) {
      if (attempt === this.#attempt) this.#set({ phase: 'idle' })
      this.#ports.failed(failure as StartFailure)
    } finally {
      stopListening()
    }
  }

  /** Ends a countdown; a recording that runs goes on. */
  cancel(): void {
    const { phase } = this.store.getState()
    if (phase !== 'loading' && phase !== 'countdown') return
    this.#attempt++
    this.#set({ phase: 'idle' })
  }

  async stop(): Promise<void> {
    const now = this.store.getState()
    if (now.phase === 'recording') await now.recording.stop()
    else this.cancel()
  }

  /** @throws {StartFailure} */
  async #begin(room: Room, options: RecordOptions, isOff: () => boolean): Promise<void> {
    this.#set({ phase: 'loading' })
    const { record } = await this.#ports.load().catch((error: unknown) => {
      throw { at: 'load', error } satisfies StartFailure
    })
    for (let left = countFrom; left > 0; left--) {
      if (isOff()) return
      this.#set({ phase: 'countdown', left })
      await this.#ports.wait(1000)
    }
    if (isOff()) return
    this.#set({ phase: 'starting' })
    const recording = await record(room, options).catch((error: unknown) => {
      const told = error instanceof Error && error.name !== 'RecordingError' && 'remedy' in error
      throw { at: told ? 'tell' : 'record', error } satisfies StartFailure
    })
    recording.on('state', () => this.#follow(recording))
    this.#follow(recording)
  }

  #follow(recording: LocalRecording): void {
    const { state } = recording
    if (state.status === 'recording') this.#set({ phase: 'recording', recording })
    else if (state.status === 'finishing') this.#set({ phase: 'finishing', progress: state.progress })
    else if (this.store.getState().phase !== 'idle') {
      this.#set({ phase: 'idle' })
      this.#ports.ended(state)
    }
  }

  #set(state: RecorderState): void {
    this.store.setState(state, true)
  }
}
