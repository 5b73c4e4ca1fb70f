import { access, constants } from 'node:fs/promises'
import { withoutPainting } from '@parley/testkit'
import type { BrowserContext, Page, Browser as PuppeteerBrowser } from 'puppeteer-core'
import { FirefoxPage } from './page.ts'
import type { Profile } from './screen.ts'

/** A fake camera and microphone that nobody is asked about; WebRTC goes over loopback. */
const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'intl.accept_languages': 'en-US, en',
}

export interface FirefoxOptions {
  /** Further preferences (about:config). */
  readonly preferences?: Readonly<Record<string, boolean | number | string>>
}

/** The system's Firefox. */
export interface Firefox {
  /** A fresh profile; requests that leave `origin` are recorded, so that a suite can assert that none do. */
  openContext(origin: string): Promise<{ readonly context: FirefoxContext; readonly outside: readonly string[] }>
  close(): Promise<void>
}

/** A busy machine may take long over what is a matter of milliseconds. */
const patienceMs = 180_000

/**
 * Starts the system's Firefox (`$FIREFOX`, else `/usr/bin/firefox-esr`), headless, steered by WebDriver BiDi. It accepts
 * self-made certificates. Close it when done.
 * @throws {Error} that names the command to run, where there is none.
 */
export async function launchFirefox({ preferences: more = {} }: FirefoxOptions = {}): Promise<Firefox> {
  const executablePath = process.env.FIREFOX ?? '/usr/bin/firefox-esr'
  try {
    await access(executablePath, constants.X_OK)
  } catch (cause) {
    const how = 'Run: apt-get install -y firefox-esr — or set FIREFOX to the path of one.'
    throw new Error(`There is no Firefox at ${executablePath}. ${how}`, { cause })
  }
  // Loaded here, so that tests without Firefox do not wait for it.
  const { launch } = await import('puppeteer-core')
  const browser: PuppeteerBrowser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    timeout: patienceMs,
    protocolTimeout: patienceMs,
    extraPrefsFirefox: { ...preferences, ...more },
  })
  return {
    openContext: async origin => {
      const outside: string[] = []
      const context = new FirefoxContext(await browser.createBrowserContext(), new URL(origin).host, outside)
      return { context, outside }
    },
    close: () => browser.close(),
  }
}

/** People sit before screens of their own, but their pages are tabs of one window, of which Firefox shows the last. */
const inFront = `Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'visible' })`

/** Somebody's own cookies and storage, with the pages that use them. */
class FirefoxContext implements Profile<FirefoxPage> {
  readonly #context: BrowserContext
  readonly #host: string
  readonly #outside: string[]
  readonly #scripts: string[] = []
  readonly #pages: FirefoxPage[] = []

  constructor(context: BrowserContext, host: string, outside: string[]) {
    this.#context = context
    this.#host = host
    this.#outside = outside
  }

  async newPage(): Promise<FirefoxPage> {
    const page = await this.#context.newPage()
    await page.setViewport({ width: 1280, height: 800 })
    this.#watch(page)
    await page.evaluateOnNewDocument(inFront)
    await page.evaluateOnNewDocument(withoutPainting)
    for (const script of this.#scripts) await page.evaluateOnNewDocument(script)
    const opened = new FirefoxPage(page, patienceMs)
    page.once('close', () => this.#pages.splice(this.#pages.indexOf(opened), 1))
    this.#pages.push(opened)
    return opened
  }

  pages(): FirefoxPage[] {
    return [...this.#pages]
  }

  async addInitScript(script: string): Promise<void> {
    this.#scripts.push(script)
  }

  close(): Promise<void> {
    return this.#context.close()
  }

  #watch(page: Page): void {
    page.on('request', request => {
      const url = new URL(request.url())
      if (/^(?:https?|wss?):$/.test(url.protocol) && url.host !== this.#host) this.#outside.push(request.url())
    })
  }
}
