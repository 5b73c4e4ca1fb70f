import type { Emitter } from '../emitter.ts'
import type { ClientError } from '../error.ts'

/**
 * - `offered`: the receiver has not decided yet.
 * - `waiting`: accepted, and nothing moves: the other side is away, or the way to it is being made.
 * - `transferring`: `bytesPerSecond` and `secondsLeft` are undefined until they can be told; `path` says whether the data goes
 *   directly between the two browsers or through a relay (TURN), which cannot read it.
 * - `paused`, by us, by the other side (`them`), who alone can go on.
 * - `checking`: all is here, and its SHA-256 is being compared.
 * - `done`: the receiver has it, and it is what was sent.
 * - `stopped`: declined or cancelled.
 * - `failed`: `resume` tries again where that can help.
 */
export type FileState =
  | { readonly status: 'offered' }
  | { readonly status: 'waiting' }
  | {
      readonly status: 'transferring'
      readonly bytesPerSecond: number | undefined
      readonly secondsLeft: number | undefined
      readonly path: FilePath | undefined
    }
  | { readonly status: 'paused'; readonly by: 'us' | 'them' }
  | { readonly status: 'checking' }
  | { readonly status: 'done'; readonly sha256: string }
  | { readonly status: 'stopped'; readonly by: 'us' | 'them'; readonly why: 'declined' | 'cancelled' }
  | { readonly status: 'failed'; readonly error: ClientError }

export type FilePath = 'direct' | 'relayed'

/** An immutable snapshot of one file on its way between us and one other person; every change makes a new object. */
export interface FileTransfer {
  /** Names this transfer to the methods of {@link RoomFiles}. */
  readonly key: string
  /** The same for all receivers of one file. */
  readonly file: string
  readonly direction: 'incoming' | 'outgoing'
  /** The other side: its id in the room, undefined while it is away. */
  readonly participant: string | undefined
  readonly identity: string
  readonly person: string
  /** Without path, control characters or anything else that could deceive; safe to save under. */
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** The media type as the sender's browser says it, such as `application/pdf`; may be empty. */
  readonly type: string
  /** How many bytes the receiver has kept. */
  readonly bytes: number
  readonly state: FileState
}

export interface RoomFilesEvents {
  changed: readonly FileTransfer[]
  /** Somebody offers us a file. */
  offered: FileTransfer
  /** A file has arrived, here or at the other side. */
  done: FileTransfer
}

/**
 * Files from one browser to another, over WebRTC data channels: the server sees none of them. What is received is kept on disk as it
 * comes (OPFS) and goes on after a lost connection, and after a reload of either side.
 */
export interface RoomFiles extends Emitter<RoomFilesEvents> {
  /** Oldest first. */
  readonly transfers: readonly FileTransfer[]
  /**
   * Offers a file to participants, or to everybody, whoever comes later included. Each decides for themselves.
   * @throws {ParleyError} `file-unreadable` for a folder or a file that cannot be read; `closed`.
   */
  send(file: File, to?: readonly string[]): Promise<void>
  /** Starts to receive. It may fail with `storage-full`, before anything is sent. */
  accept(key: string): void
  decline(key: string): void
  pause(key: string): void
  /** Goes on after a pause of ours or a failure. */
  resume(key: string): void
  cancel(key: string): void
  /** Takes it off the list; what was received is deleted here, unless it was saved elsewhere. */
  remove(key: string): void
  /** What was received, once it is `done`. It lies on disk, and is not read into memory. */
  open(key: string): Promise<File>
}
