/** Reads a file from an offset to its end. */
export interface FileSource {
  /** The next block, of at most a megabyte; undefined at the end. @throws {ParleyError} `file-unreadable` */
  read(): Promise<ArrayBuffer | undefined>
  /** Of the whole file, in hexadecimal; after the end. */
  sha256(): Promise<string>
  close(): void
}

/** What has been received of a file, to which more is added. */
export interface FileSink {
  /** In bytes, those that are being written not included. */
  readonly size: number
  /** Adds at the end. @returns The new size. @throws {ParleyError} `storage-full` */
  write(bytes: ArrayBuffer): Promise<number>
  /** Of all of it, in hexadecimal. */
  sha256(): Promise<string>
  /** Begins again from nothing. */
  clear(): Promise<void>
  /** Lets go of it; what was received stays. */
  close(): Promise<void>
}

/** What is kept of a transfer over a reload. */
export interface FileRecord {
  readonly key: string
  readonly direction: 'incoming' | 'outgoing'
  readonly room: string
  /** When the room was made: one of the same name may be another meeting. */
  readonly roomCreatedAt: number
  /** The id of the file, the same for all its receivers. */
  readonly file: string
  readonly name: string
  readonly size: number
  readonly type: string
  /** When it was begun, ms since 1970. */
  readonly at: number
  /** Of whom it comes. */
  readonly from?: { readonly identity: string; readonly person: string }
  /** What is sent. */
  readonly content?: File
  /** To whom it was offered, by identity. */
  readonly to?: { readonly everybody: boolean; readonly people: readonly string[] }
  /** It has arrived. */
  readonly sha256?: string
}

/** Where files are kept. */
export interface FileStore {
  /**
   * Finds what was kept in this room by a page that is gone; until `signal` is aborted, since a page that was reloaded may live on
   * for a moment. Each record is found by one page alone.
   * @returns When everything has been found that can be found at once.
   */
  find(room: string, found: (record: FileRecord) => void, signal: AbortSignal): Promise<void>
  /** Keeps a record, in place of an older one with its key. @throws {ParleyError} `storage-full` */
  keep(record: FileRecord): Promise<void>
  /** Forgets a record, and what was received. */
  forget(key: string): Promise<void>
  /** @throws {ParleyError} `storage-unavailable` */
  sink(key: string): Promise<FileSink>
  /** @throws {ParleyError} `file-unreadable` */
  source(content: File, offset: number): Promise<FileSource>
  /** What was received, on disk. */
  open(record: Pick<FileRecord, 'key' | 'name' | 'type'>): Promise<File>
  /** How many bytes there is room for; undefined if the browser does not say. */
  free(): Promise<number | undefined>
  close(): void
}
