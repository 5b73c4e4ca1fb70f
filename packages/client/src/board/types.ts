import type { Emitter } from '../emitter.ts'
import type { ClientError } from '../error.ts'

/**
 * Something on the whiteboard, of which the last version counts: of two with the same key the one of higher `version` wins, and of
 * the same version the one of lower `nonce`. So whatever people do at the same time, or while they are offline, everybody ends up
 * with the same.
 */
export interface BoardEntry {
  /** Up to 128 letters, digits and `. / : _ -`. The server can read it, in encrypted rooms too. */
  readonly key: string
  /** From 1 on; rises with every change. */
  readonly version: number
  /** 0 to 2³¹ − 1; pick one at random. */
  readonly nonce: number
  /** What it is: up to 160 KiB of text of the application, a quarter less where it is encrypted. Empty: it was deleted. */
  readonly value: string
}

/** An immutable snapshot; every change makes a new object. */
export interface BoardState {
  readonly status: 'closed' | 'opening' | 'open'
  /** How many entries of ours the server does not have yet. They are sent when they can be. */
  readonly unsent: number
  /** How many entries cannot be read: they are encrypted with another secret than ours, or one of us has none. */
  readonly unreadable: number
  /**
   * Why the server does not take what we put: `board-full` (tried again now and then, and after something is deleted), `not-allowed`.
   * Absent if all is well.
   */
  readonly problem: ClientError | undefined
  /** There is, or was, something on it, as far as we know. */
  readonly used: boolean
}

export interface BoardEvents {
  state: BoardState
  /** Others' entries that are newer than what we had. */
  changed: readonly BoardEntry[]
  /** Somebody points somewhere, in the application's words; undefined: nowhere any more. Only while it is open. */
  cursor: { readonly from: string; readonly cursor: string | undefined }
  /** Somebody else has opened it, or draws. Told whether it is open here or not, the latter every ten seconds at most. */
  touched: { readonly from: string; readonly how: 'opened' | 'drew' }
}

/** The room's whiteboard: a table that everybody in the room shares. What its entries mean is the application's affair. */
export interface Board extends Emitter<BoardEvents> {
  readonly state: BoardState
  /** All that we know of, deleted entries included, by key. */
  readonly entries: ReadonlyMap<string, BoardEntry>
  /** Follows the board from now on. Resolves once everything that is on it has been read; waits for the connection if need be. */
  open(): Promise<void>
  /** Follows it no longer. What has not been sent yet still is. */
  close(): void
  /**
   * Writes entries; those that are older than what is there change nothing. Never waits: they are sent when they can be, and
   * what cannot be sent now is kept. Throws {@link ClientError} `too-large`, and then nothing is written.
   */
  put(entries: readonly BoardEntry[]): void
  /** Shows others where we point, in up to 300 characters; undefined: nowhere. Sent several times a second at most. */
  point(cursor: string | undefined): void
}
