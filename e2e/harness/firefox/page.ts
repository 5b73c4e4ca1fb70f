import type { ElementHandle, Page } from 'puppeteer-core'
import { find, type Step, steps } from './find.ts'
import type { Role, RoleOptions, Screen, Spot } from './screen.ts'

/** `enabled`: visible, and not a control that is disabled, which would swallow a click. */
type State = 'visible' | 'enabled' | 'attached' | 'detached'

/** A page of Firefox, with those of Playwright's methods that our tests use. */
export class FirefoxPage implements Screen {
  readonly #page: Page
  readonly #patienceMs: number

  constructor(page: Page, patienceMs: number) {
    this.#page = page
    this.#patienceMs = patienceMs
    page.setDefaultTimeout(patienceMs)
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url)
  }

  async reload(): Promise<void> {
    await this.#page.reload()
  }

  url(): string {
    return this.#page.url()
  }

  evaluate<Result, Argument>(
    script: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result> {
    return this.#page.evaluate(`(${script})(${JSON.stringify(argument)})`) as Promise<Result>
  }

  async screenshot({ path }: { path: string }): Promise<void> {
    await this.#page.screenshot({ path: path as `${string}.png` })
  }

  close(): Promise<void> {
    return this.#page.close()
  }

  locator(css: string, options?: { hasText?: string | RegExp }): Spot {
    return this.#spot([steps.css(css, options)])
  }

  getByRole(role: Role, options?: RoleOptions): Spot {
    return this.#spot([steps.role(role, options)])
  }

  getByText(text: string | RegExp, options?: { exact?: boolean }): Spot {
    return this.#spot([steps.text(text, options)])
  }

  #spot(way: readonly Step[]): Spot {
    const then = (step: Step) => this.#spot([...way, step])
    return {
      click: async () => (await this.#element(way, 'enabled')).click(),
      fill: async text => {
        const element = await this.#element(way, 'enabled')
        await element.evaluate(field => (field as HTMLInputElement).select())
        await element.press('Delete')
        await element.type(text)
      },
      setInputFiles: async path => {
        const element = await this.#element(way, 'attached')
        await (element as ElementHandle<HTMLInputElement>).uploadFile(path)
      },
      waitFor: async ({ state = 'visible' } = {}) => {
        await this.#reach(way, state)
      },
      count: async () => (await this.#texts(way)).length,
      getAttribute: async name =>
        (await this.#element(way, 'attached')).evaluate((each, of) => each.getAttribute(of), name),
      textContent: async () => (await this.#element(way, 'attached')).evaluate(each => each.textContent),
      allTextContents: () => this.#texts(way),
      first: () => then(steps.first),
      locator: (css, options) => then(steps.css(css, options)),
      getByRole: (role, options) => then(steps.role(role, options)),
      getByText: (text, options) => then(steps.text(text, options)),
    }
  }

  #texts(way: readonly Step[]): Promise<string[]> {
    const script = `(${find})(${JSON.stringify(way)}).map(each => each.textContent ?? '')`
    return this.#page.evaluate(script) as Promise<string[]>
  }

  async #element(way: readonly Step[], state: State): Promise<ElementHandle> {
    const element = (await this.#reach(way, state)).asElement()
    if (!element) throw new Error(`no element: ${JSON.stringify(way)}`)
    return element as ElementHandle
  }

  /** Waits for the state; resolves with the first element of those that are there. */
  async #reach(way: readonly Step[], state: State) {
    const script = `(() => {
      const [first] = (${find})(${JSON.stringify(way)})
      const state = ${JSON.stringify(state)}
      if (state === 'detached') return !first
      if (state === 'attached') return first
      if (!first?.checkVisibility({ visibilityProperty: true })) return false
      return state === 'enabled' && first.matches(':disabled') ? false : first
    })()`
    try {
      return await this.#page.waitForFunction(script, { polling: 100, timeout: this.#patienceMs })
    } catch (cause) {
      throw new Error(`Waited for ${state}: ${JSON.stringify(way)}`, { cause })
    }
  }
}
