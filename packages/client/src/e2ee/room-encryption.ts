import type { Clock } from '../clock.ts'
import { ParleyError } from '../error.ts'
import type { KeyKnowledge } from '../room/encryption-state.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { E2eeOptions } from '../types.ts'
import { toBase64Url } from './base64url.ts'
import { EncodedTransforms, encodedTransformWay } from './encoded-transforms.ts'
import { KeyExchange } from './key-exchange.ts'
import { KeyWrapping } from './key-message.ts'
import type { FromWorker, Reading, ToWorker } from './worker-messages.ts'

/** Fewer characters can be guessed. */
const secretChars = 16

/** A secret for a room: 128 random bits in base64url. */
export function createE2eeSecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(16)))
}

/** Whether this browser can encrypt media end to end. */
export function supportsE2ee(): boolean {
  return encodedTransformWay() !== undefined
}

export interface RoomEncryptionOptions {
  readonly e2ee: E2eeOptions
  readonly room: string
  readonly self: string
  readonly clock: Clock
  send(to: string | undefined, message: string): Promise<unknown>
  /** {@link RoomEncryption.stateOf} says something else of this participant. */
  changed(participant: string): void
}

/** End-to-end encryption of a room: keys that are exchanged, and a worker that uses them. */
export class RoomEncryption {
  readonly transforms: FrameTransforms
  readonly #options: RoomEncryptionOptions
  readonly #worker: Worker
  readonly #exchange: KeyExchange
  readonly #keys = new Map<string, KeyKnowledge>()
  /** How the frames of each receiver can be read, by participant. */
  readonly #readings = new Map<string, Map<number, Reading>>()
  readonly #undecrypted = new Map<string, number>()

  /** @throws {ParleyError} `e2ee-unsupported`, or `bad-request` for a secret that can be guessed. */
  constructor(options: RoomEncryptionOptions) {
    const { e2ee, room, self, clock } = options
    this.#options = options
    const way = checkE2ee(e2ee)
    this.#worker = e2ee.worker?.() ?? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#read(data)
    this.transforms = new EncodedTransforms(this.#worker, way, id => this.#forgetReading(id))
    this.#exchange = new KeyExchange({
      self,
      clock,
      wrapping: KeyWrapping.derive(e2ee.secret, room),
      random: size => crypto.getRandomValues(new Uint8Array(size)),
      send: options.send,
      use: key => this.#tell({ type: 'use', key }),
      learned: (participant, key, restarted) => {
        this.#tell({ type: 'learned', participant, key, restarted })
        this.#setKey(participant, 'agreed')
      },
      wrongSecret: participant => this.#setKey(participant, 'wrong-secret'),
    })
  }

  /** Everybody else in the room. */
  setPresent(present: ReadonlySet<string>): void {
    for (const id of new Set([...this.#keys.keys(), ...this.#readings.keys(), ...this.#undecrypted.keys()])) {
      if (present.has(id)) continue
      this.#keys.delete(id)
      this.#undecrypted.delete(id)
      this.#readings.delete(id)
      this.#tell({ type: 'forget', participant: id })
    }
    void this.#exchange.setPresent(present)
  }

  setSelf(self: string): void {
    this.#exchange.setSelf(self)
  }

  announce(): void {
    this.#exchange.announce()
  }

  receive(from: string, message: string): void {
    this.#exchange.receive(from, message)
  }

  /** What we know of a participant; `plain`: they send without encryption. */
  stateOf(participant: string): KeyKnowledge {
    const readings = [...(this.#readings.get(participant)?.values() ?? [])]
    if (readings.includes('foreign')) return 'wrong-secret'
    if (readings.includes('plain')) return 'plain'
    const key = this.#keys.get(participant) ?? 'pending'
    return key === 'agreed' && readings.includes('no-key') ? 'pending' : key
  }

  /** How many frames of a participant could not be decrypted since they came in; told in steps of 25. */
  undecryptedOf(participant: string): number {
    return this.#undecrypted.get(participant) ?? 0
  }

  close(): void {
    this.#exchange.close()
    this.#worker.terminate()
  }

  #read(told: FromWorker): void {
    const { participant } = told
    if (told.type === 'undecrypted') {
      this.#undecrypted.set(participant, this.undecryptedOf(participant) + told.frames)
      return
    }
    const { id, reading } = told
    const readings = this.#readings.get(participant) ?? new Map<number, Reading>()
    this.#readings.set(participant, readings.set(id, reading))
    this.#options.changed(participant)
  }

  /** A receiver that brings somebody else's frames now says nothing of its owner before. */
  #forgetReading(id: number): void {
    for (const [participant, readings] of this.#readings) {
      if (readings.delete(id)) this.#options.changed(participant)
    }
  }

  #setKey(participant: string, state: KeyKnowledge): void {
    if (this.#keys.get(participant) === state) return
    this.#keys.set(participant, state)
    this.#options.changed(participant)
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message)
  }
}

/** @throws {ParleyError} `e2ee-unsupported`, `bad-request` */
export function checkE2ee({ secret }: E2eeOptions) {
  if (secret.length < secretChars) {
    throw new ParleyError('bad-request', `The secret of end-to-end encryption needs ${secretChars} characters or more.`)
  }
  const way = encodedTransformWay()
  if (!way) throw new ParleyError('e2ee-unsupported')
  return way
}
