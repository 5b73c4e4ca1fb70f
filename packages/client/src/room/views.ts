import type { SubscriptionWish } from '@parley/protocol'
import { limits } from '@parley/protocol/limits'
import type { Clock } from '../clock.ts'
import type { Unsubscribe, ViewOptions } from '../types.ts'

/** How large a view is, in device pixels; undefined: out of sight. */
export interface Sight {
  readonly width: number
  readonly height: number
}

/** What the views of a track ask of the SFU. */
export type ViewWish = Omit<SubscriptionWish, 'participant' | 'track'>

export interface ViewsOptions {
  readonly clock: Clock
  /** What these tracks are asked for has changed. */
  readonly changed: (tracks: readonly TrackName[]) => void
}

export interface TrackName {
  readonly participant: string
  readonly track: string
}

interface View extends TrackName {
  options: ViewOptions
  sight: Sight | undefined
}

/** Who comes into sight is asked for with all others of the same turn. */
const shownMs = 0
/** While an element is resized, or moved to another place of the page, nothing is asked. */
const resizedMs = 250
const hiddenMs = 400
/** Between two requests. */
const betweenMs = 100
const againMs = 1000

const priorities = ['low', 'normal', 'high'] as const

/** Where tracks are shown, and what follows from that for each of them: the largest and most important view counts. */
export class Views {
  readonly #options: ViewsOptions
  readonly #views = new Set<View>()
  /** What was told last, by track. */
  readonly #told = new Map<string, { readonly name: TrackName; readonly wish: ViewWish }>()
  /** When to tell what has changed, by track. */
  readonly #due = new Map<string, { readonly name: TrackName; readonly at: number }>()
  #used = false
  #mayTellAt = 0
  #stopTimer: Unsubscribe = () => {}
  #closed = false

  constructor(options: ViewsOptions) {
    this.#options = options
  }

  /** Pictures that there are. Once there was a view, those without one are out of sight. */
  expect(pictures: readonly TrackName[]): void {
    if (!this.#used) return
    for (const name of pictures) if (!this.#told.has(keyOf(name))) this.#look(name)
  }

  /** What was told of these tracks did not arrive: it is told again, a little later. */
  again(tracks: readonly TrackName[]): void {
    if (this.#closed) return
    const at = this.#options.clock.now() + againMs
    for (const name of tracks) if (this.#told.has(keyOf(name))) this.#due.set(keyOf(name), { name, at })
    this.#schedule()
  }

  /** All tracks that were told, or those of one participant. */
  told(participant?: string): TrackName[] {
    const names = [...this.#told.values()].map(({ name }) => name)
    return participant === undefined ? names : names.filter(name => name.participant === participant)
  }

  /** As it was told last; undefined: the track never had a view. */
  wish({ participant, track }: TrackName): ViewWish | undefined {
    return this.#told.get(keyOf({ participant, track }))?.wish
  }

  /** @param shown False: something that is not on the page; by itself it does not put pictures without a view out of sight. */
  add({ participant, track }: TrackName, options: ViewOptions, shown = true) {
    const view: View = { participant, track, options, sight: undefined }
    this.#views.add(view)
    if (shown && !this.#used) {
      this.#used = true
      for (const each of this.#views) this.#look(each)
    } else this.#look(view)
    return {
      see: (sight: Sight | undefined) => {
        view.sight = sight
        this.#look(view)
      },
      change: (changed: ViewOptions) => {
        view.options = changed
        this.#look(view)
      },
      close: () => {
        if (this.#views.delete(view)) this.#look(view)
      },
    }
  }

  forget(participant: string): void {
    for (const [key, { name }] of this.#told) if (name.participant === participant) this.#told.delete(key)
    for (const [key, { name }] of this.#due) if (name.participant === participant) this.#due.delete(key)
  }

  close(): void {
    this.#closed = true
    this.#stopTimer()
  }

  #look({ participant, track }: TrackName): void {
    if (this.#closed || !this.#used) return
    const name = { participant, track }
    const key = keyOf(name)
    const now = this.#options.clock.now()
    const told = this.#told.get(key)?.wish
    const wish = this.#wishFor(name)
    if (same(told, wish)) {
      this.#due.delete(key)
      return
    }
    const wait = wish.state === 'paused' ? hiddenMs : told?.state !== 'on' ? shownMs : resizedMs
    const before = this.#due.get(key)
    const at = now + wait
    // Out of sight: from when it was first; resized: from when it was last.
    this.#due.set(key, { name, at: before && wish.state === 'paused' ? Math.min(before.at, at) : at })
    this.#schedule()
  }

  #schedule(): void {
    this.#stopTimer()
    if (this.#due.size === 0) return
    const { clock } = this.#options
    const at = Math.max(this.#mayTellAt, Math.min(...[...this.#due.values()].map(due => due.at)))
    this.#stopTimer = clock.after(Math.max(0, at - clock.now()), () => this.#tell())
  }

  #tell(): void {
    const now = this.#options.clock.now()
    const changed: TrackName[] = []
    for (const [key, { name, at }] of this.#due) {
      if (at > now) continue
      this.#due.delete(key)
      this.#told.set(key, { name, wish: this.#wishFor(name) })
      changed.push(name)
    }
    this.#mayTellAt = now + betweenMs
    this.#schedule()
    if (changed.length > 0) this.#options.changed(changed)
  }

  #wishFor({ participant, track }: TrackName): ViewWish {
    const views = [...this.#views].filter(view => view.participant === participant && view.track === track)
    const seen = views.filter(view => view.sight)
    if (seen.length === 0) return { state: 'paused' }
    const size = (of: 'width' | 'height') =>
      Math.min(limits.wishedPixels, Math.max(1, ...seen.map(({ sight }) => Math.round(sight?.[of] ?? 0))))
    const priority = priorities.findLast(each => seen.some(({ options }) => (options.priority ?? 'normal') === each))
    const layer = seen.find(({ options }) => options.layer)?.options.layer
    return {
      state: 'on',
      width: size('width'),
      height: size('height'),
      ...(priority && priority !== 'normal' && { priority }),
      ...(layer && { layer }),
    }
  }
}

function keyOf({ participant, track }: TrackName): string {
  return `${participant} ${track}`
}

function same(one: ViewWish | undefined, other: ViewWish): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
