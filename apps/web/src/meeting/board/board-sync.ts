import type { Board, BoardEntry } from '@parley/client'
import { type Drawn, elementIdOf, keyOf, toElement, toEntry } from './elements.ts'
import { hasPicture, type Picture, pictureEntries, pictureFrom, pictureIdOf, withoutPicture } from './pictures.ts'

/** What is drawn here; Excalidraw fills it. */
export interface Scene {
  /** Deleted ones included. */
  elements(): readonly Drawn[]
  /** What is being drawn or written at this moment, by id. */
  editing(): ReadonlySet<string>
  /** Takes others' elements over, unless ours are newer or being edited. */
  merge(elements: readonly Drawn[]): void
  /** All pictures that have been loaded here, by id. */
  pictures(): Readonly<Record<string, Picture | undefined>>
  addPictures(pictures: readonly Picture[]): void
}

export interface BoardSyncOptions {
  readonly board: Pick<Board, 'entries' | 'put' | 'on'>
  readonly scene: Scene
  /** A picture that is no pixels as one that is; rejects if the browser cannot. */
  readonly toPixels: (picture: Picture) => Promise<Picture>
  /** Something that was drawn here cannot be shared. */
  readonly notShared: (what: 'element' | 'picture', error?: unknown) => void
}

/**
 * Keeps what is drawn here and what is on the shared board the same. Of each element the higher version counts, as for the board's
 * entries; what others draw does not disturb what is being drawn here, and comes after it.
 */
export class BoardSync {
  readonly #options: BoardSyncOptions
  readonly #stop: () => void
  /** What has been merged and not accepted, in which version, so that it is not tried again and again. */
  readonly #tried = new Map<string, string>()
  /** Pictures that are being made ready, or cannot be. */
  readonly #handled = new Set<string>()
  /** Elements that were too large to be shared, in which version they were. */
  readonly #tooLarge = new Map<string, number>()

  /** Begins with what is on the board. */
  constructor(options: BoardSyncOptions) {
    this.#options = options
    const { board } = options
    this.#stop = board.on('changed', entries => this.#receive(entries))
    this.#receive([...board.entries.values()])
    this.changed()
  }

  /** Something may have changed here. */
  changed(): void {
    const { board, scene } = this.#options
    const elements = scene.elements()
    const news = elements.filter(element => this.#isNews(element))
    this.#put(news)
    this.#sharePictures(elements)
    const editing = scene.editing()
    const behind = elements.flatMap(({ id, version, versionNonce }) => {
      const entry = board.entries.get(keyOf(id))
      const older = entry && (entry.version > version || (entry.version === version && entry.nonce < versionNonce))
      return older && !editing.has(id) && this.#tried.get(id) !== mark(entry) ? [entry] : []
    })
    if (behind.length > 0) this.#merge(behind)
  }

  close(): void {
    this.#stop()
  }

  #isNews(element: Drawn): boolean {
    const { id, version, versionNonce, isDeleted } = element
    const entry = this.#options.board.entries.get(keyOf(id))
    if (!entry) return !isDeleted && this.#tooLarge.get(id) !== version
    return version > entry.version || (version === entry.version && versionNonce < entry.nonce)
  }

  #put(elements: readonly Drawn[]): void {
    const { board, notShared } = this.#options
    const entries = elements.flatMap(element => toEntry(element) ?? [])
    if (entries.length === 0) return
    try {
      board.put(entries)
    } catch {
      // One of them is too large: the others are not.
      for (const entry of entries) {
        try {
          board.put([entry])
        } catch (error) {
          const id = elementIdOf(entry) ?? ''
          if (!this.#tooLarge.has(id)) notShared('element', error)
          this.#tooLarge.set(id, entry.version)
        }
      }
    }
  }

  #receive(entries: readonly BoardEntry[]): void {
    this.#merge(entries.filter(entry => elementIdOf(entry) !== undefined))
    const { board, scene } = this.#options
    const here = scene.pictures()
    const ids = new Set(entries.flatMap(entry => pictureIdOf(entry) ?? []))
    const come = [...ids].filter(id => !here[id]).flatMap(id => pictureFrom(board.entries, id) ?? [])
    if (come.length > 0) scene.addPictures(come)
    // Somebody may have taken one off that is still seen here.
    if (ids.size > 0) this.#sharePictures(scene.elements())
  }

  #merge(entries: readonly BoardEntry[]): void {
    const { scene } = this.#options
    const here = new Map(scene.elements().map(element => [element.id, element]))
    const editing = scene.editing()
    const elements = entries.flatMap(entry => {
      const id = elementIdOf(entry) ?? ''
      if (!editing.has(id)) this.#tried.set(id, mark(entry))
      if (entry.value !== '') return toElement(entry) ?? []
      const known = here.get(id)
      return known ? { ...known, isDeleted: true, version: entry.version, versionNonce: entry.nonce } : []
    })
    if (elements.length > 0) scene.merge(elements)
  }

  /** Brings the pictures that are seen to the board, and takes those off that nobody sees any more. */
  #sharePictures(elements: readonly Drawn[]): void {
    const { board, scene } = this.#options
    const pictures = scene.pictures()
    const seen = new Set<string>()
    const unseen = new Set<string>()
    for (const element of elements) {
      const fileId = 'fileId' in element && typeof element.fileId === 'string' ? element.fileId : undefined
      if (fileId !== undefined) (element.isDeleted ? unseen : seen).add(fileId)
    }
    for (const id of seen) {
      const picture = pictures[id]
      if (picture && !this.#handled.has(id) && !hasPicture(board.entries, id)) void this.#share(picture)
    }
    const gone = [...unseen].filter(id => !seen.has(id) && hasPicture(board.entries, id))
    if (gone.length > 0) board.put(gone.flatMap(id => withoutPicture(board.entries, id)))
  }

  async #share(picture: Picture): Promise<void> {
    const { board, toPixels, notShared } = this.#options
    this.#handled.add(picture.id)
    try {
      const pixels = picture.mimeType === 'image/svg+xml' ? await toPixels(picture) : picture
      const entries = pictureEntries(board.entries, pixels)
      if (!entries) return notShared('picture')
      board.put(entries)
      this.#handled.delete(picture.id)
    } catch (error) {
      notShared('picture', error)
    }
  }
}

const mark = ({ version, nonce }: BoardEntry) => `${version} ${nonce}`
