type Callback = (entries: readonly { readonly isIntersecting: boolean }[]) => void

/** As much of an element on a page as says where it can be seen. */
export class FakeElement extends EventTarget {
  clientWidth = 0
  clientHeight = 0
  readonly ownerDocument: FakeDocument & { readonly defaultView: object }
  readonly #resizes = new Set<Callback>()
  readonly #moves = new Set<Callback>()

  constructor(devicePixelRatio = 1) {
    super()
    const view = {
      devicePixelRatio,
      ResizeObserver: observerOf(this.#resizes),
      IntersectionObserver: observerOf(this.#moves),
    }
    this.ownerDocument = Object.assign(new FakeDocument(), { defaultView: view })
  }

  get watchers(): number {
    return this.#resizes.size + this.#moves.size
  }

  resize(width: number, height: number): void {
    Object.assign(this, { clientWidth: width, clientHeight: height })
    for (const call of this.#resizes) call([])
  }

  scroll(isIntersecting: boolean): void {
    for (const call of this.#moves) call([{ isIntersecting }])
  }
}

/** The class of an observer, whose callbacks are in the set while it observes. */
function observerOf(watching: Set<Callback>) {
  return class {
    readonly #call: Callback

    constructor(call: Callback) {
      this.#call = call
    }

    observe(): void {
      watching.add(this.#call)
    }

    disconnect(): void {
      watching.delete(this.#call)
    }
  }
}

class FakeDocument extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible'

  show(visibilityState: DocumentVisibilityState): void {
    this.visibilityState = visibilityState
    this.dispatchEvent(new Event('visibilitychange'))
  }
}
