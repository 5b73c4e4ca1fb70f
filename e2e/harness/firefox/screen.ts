/** The roles that tests ask for (WAI-ARIA 1.2). */
export type Role =
  | 'alert'
  | 'button'
  | 'checkbox'
  | 'dialog'
  | 'heading'
  | 'link'
  | 'list'
  | 'listitem'
  | 'switch'
  | 'tab'
  | 'textbox'

export interface RoleOptions {
  /** The accessible name: a text is found in it whatever its case, unless `exact`. */
  readonly name?: string | RegExp
  readonly exact?: boolean
  readonly pressed?: boolean
}

/** Where something is, or will be, on a screen. */
export interface Spot {
  click(): Promise<void>
  fill(text: string): Promise<void>
  setInputFiles(path: string): Promise<void>
  /** Until it is there and to be seen, unless another state is named. Fails after a minute and a half. */
  waitFor(options?: { state?: 'visible' | 'attached' | 'detached' }): Promise<void>
  count(): Promise<number>
  getAttribute(name: string): Promise<string | null>
  textContent(): Promise<string | null>
  allTextContents(): Promise<string[]>
  first(): Spot
  locator(css: string, options?: { hasText?: string | RegExp }): Spot
  getByRole(role: Role, options?: RoleOptions): Spot
  getByText(text: string | RegExp, options?: { exact?: boolean }): Spot
}

/**
 * What a test does with a page, in the words of Playwright: its `Page` is one, and so is a `FirefoxPage`. A test written
 * for a `Screen` reads the same in both browsers.
 */
export interface Screen extends Pick<Spot, 'locator' | 'getByRole' | 'getByText'> {
  goto(url: string): Promise<unknown>
  reload(): Promise<unknown>
  url(): string
  evaluate<Result>(script: () => Result | Promise<Result>): Promise<Result>
  evaluate<Result, Argument>(
    script: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>
  /** Writes a PNG file. */
  screenshot(options: { path: string }): Promise<unknown>
  close(): Promise<void>
}

/** A profile with pages of one kind: Playwright's `BrowserContext` is one, and so is a `FirefoxContext`. */
export interface Profile<Page extends Screen> {
  newPage(): Promise<Page>
  pages(): Page[]
  /** Runs in every page that is opened afterwards, before its own scripts. */
  addInitScript(script: string): Promise<unknown>
  close(): Promise<void>
}
