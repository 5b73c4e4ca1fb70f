import type { PublishedMedia, ToMedia } from '../control.ts'
import type { MediaWorker } from './types.ts'

type Row<Is extends ToMedia['is']> = Extract<ToMedia, { is: Is }>

/** A publication, and where it is known. */
interface Published {
  readonly worker: number
  media: PublishedMedia
  /** By the worker at the other end. */
  readonly pipes: Map<number, { readonly number: number; users: number }>
}

/**
 * The workers, as one: a publication can be subscribed to on any of them, and its voice be heard there. To where it is not published,
 * it is piped, once, for as long as it is of use there.
 */
export class Workers {
  readonly #workers: readonly Pick<MediaWorker, 'send'>[]
  readonly #nextNumber: () => number
  readonly #publications = new Map<number, Published>()
  /** The publications of those subscriptions that are fed by a pipe. */
  readonly #piped = new Map<number, number>()
  readonly #before: { readonly [Is in ToMedia['is']]?: (row: Row<Is>, worker: number) => void } = {
    publish: ({ publication, media }, worker) =>
      this.#publications.set(publication, { worker, media, pipes: new Map() }),
    republish: row => this.#republish(row),
    unpublish: ({ publication }) => this.#forget(publication),
    subscribe: ({ subscription, publication }, worker) => {
      if (this.#use(publication, worker)) this.#piped.set(subscription, publication)
    },
    voice: ({ publication, group }, worker) => {
      if (group !== undefined) this.#use(publication, worker)
    },
  }
  readonly #after: { readonly [Is in ToMedia['is']]?: (row: Row<Is>, worker: number) => void } = {
    unsubscribe: ({ subscription }, worker) => {
      const publication = this.#piped.get(subscription)
      if (publication === undefined) return
      this.#piped.delete(subscription)
      this.#release(publication, worker)
    },
    voice: ({ publication, group }, worker) => {
      if (group === undefined) this.#release(publication, worker)
    },
  }

  /** @param nextNumber Never returns the same twice. */
  constructor(workers: readonly Pick<MediaWorker, 'send'>[], nextNumber: () => number) {
    this.#workers = workers
    this.#nextNumber = nextNumber
  }

  get count(): number {
    return this.#workers.length
  }

  send(worker: number, row: ToMedia): void {
    this.#before[row.is]?.(row as never, worker)
    this.#workers[worker]?.send(row)
    this.#after[row.is]?.(row as never, worker)
  }

  #republish(row: Row<'republish'>): void {
    const published = this.#publications.get(row.publication)
    if (!published) return
    published.media = row.media
    for (const worker of published.pipes.keys()) this.#workers[worker]?.send(row)
  }

  #forget(publication: number): void {
    const published = this.#publications.get(publication)
    this.#publications.delete(publication)
    for (const worker of published?.pipes.keys() ?? []) this.#workers[worker]?.send({ is: 'unpublish', publication })
  }

  /** Whether a pipe leads there, from now on if it did not; false: it is published there, or nowhere. */
  #use(publication: number, worker: number): boolean {
    const published = this.#publications.get(publication)
    if (!published || published.worker === worker) return false
    const pipe = published.pipes.get(worker) ?? this.#open(publication, published, worker)
    pipe.users++
    return true
  }

  #open(publication: number, { worker: from, media, pipes }: Published, to: number) {
    const number = this.#nextNumber()
    const pipe = { number, users: 0 }
    pipes.set(to, pipe)
    this.#workers[to]?.send({ is: 'piped', pipe: number, publication, from, media })
    this.#workers[from]?.send({ is: 'pipe', pipe: number, publication, to })
    return pipe
  }

  #release(publication: number, worker: number): void {
    const published = this.#publications.get(publication)
    const pipe = published?.pipes.get(worker)
    if (!published || !pipe || --pipe.users > 0) return
    published.pipes.delete(worker)
    this.#workers[worker]?.send({ is: 'unpublish', publication })
    this.#workers[published.worker]?.send({ is: 'unpipe', pipe: pipe.number })
  }
}
