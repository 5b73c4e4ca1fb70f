/** Bytes of one file that is being written. */
export interface FileWriter {
  /** Resolves when the bytes are with the system, so that they outlive the browser. Throws `QuotaExceededError`. */
  append(bytes: ArrayBuffer): Promise<void>
  close(): Promise<void>
}

/** Where recordings are kept: a folder each. Errors are the browser's. */
export interface RecordingStore {
  /** A new folder's ids, of all recordings. */
  list(): Promise<readonly string[]>
  /** The names of the files in a folder. */
  paths(id: string): Promise<readonly string[]>
  file(id: string, path: string): Promise<File>
  /** Makes the file, and its folder if there is none yet. */
  write(id: string, path: string): Promise<FileWriter>
  /** Replaces the content of a small file. */
  note(id: string, path: string, text: string): Promise<void>
  remove(id: string, path?: string): Promise<void>
  /**
   * Makes a part into a whole file that can be searched: see `remux`.
   * @returns Its duration in ms. Throws RecordingError `unreadable`, and `QuotaExceededError`.
   */
  finish(id: string, part: string, whole: string, progress: (share: number) => void): Promise<number>
  /** How many bytes may still be written; undefined where the browser does not say. */
  freeBytes(): Promise<number | undefined>
  /** Marks a recording as being worked on, for all tabs, until the returned function is called or the page goes. */
  hold(id: string): Promise<() => void>
  /** The ids of all that are held, by any tab. */
  held(): Promise<ReadonlySet<string>>
}
