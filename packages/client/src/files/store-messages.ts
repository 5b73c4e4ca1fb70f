import type { FileRecord } from './file-store.ts'

/** What the page asks the worker that keeps files; each is answered. */
export interface StoreCalls {
  /** Takes over the records of a room, as their pages go: each is told as {@link Found}. */
  find(room: string): Promise<undefined>
  keep(record: FileRecord): Promise<undefined>
  forget(key: string): Promise<undefined>
  /** @returns How much there is already. */
  openSink(key: string): Promise<number>
  /** @returns How much there is now. */
  write(key: string, bytes: ArrayBuffer): Promise<number>
  sinkHash(key: string): Promise<string>
  clear(key: string): Promise<undefined>
  closeSink(key: string): Promise<undefined>
  openSource(source: number, content: File, offset: number): undefined
  read(source: number): Promise<ArrayBuffer | undefined>
  sourceHash(source: number): Promise<string>
  closeSource(source: number): undefined
  content(key: string): Promise<Blob>
}

export type StoreCall = {
  [K in keyof StoreCalls]: { readonly id: number; readonly call: K; readonly args: Parameters<StoreCalls[K]> }
}[keyof StoreCalls]

interface Found {
  readonly found: FileRecord
}

export type StoreErrorCode = 'storage-full' | 'storage-unavailable' | 'file-unreadable'

export type StoreAnswer =
  | Found
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly code: StoreErrorCode; readonly message: string }
