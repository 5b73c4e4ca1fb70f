import { access, constants, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import type { Host } from './networks/internet.ts'

/**
 * Chromium uses only the last such list, so this one repeats those entries of Playwright's that matter here. The popups of the
 * omnibox would be two hidden pages for each page that is opened, which cost two seconds of processor time.
 */
const withoutFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

/** Quiet, headless, with a fake camera and microphone that nobody is asked about. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${withoutFeatures}`,
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]

/** A flag for tests to which ten frames a second are enough; it leaves more of the machine to others. */
export const fewFrames = '--use-fake-device-for-media-stream=fps=10'

export interface LaunchOptions {
  /**
   * The browser as people have it, with its own pages and a window, though nobody sees it. The headless shell is the same
   * engine with the same WebRTC, and opens a page in half the time.
   */
  readonly whole?: boolean
  /** Further command line flags; of two with the same name, the later one counts. */
  readonly args?: readonly string[]
  /** The host to run it on. Default: this machine itself, where WebRTC goes over loopback. */
  readonly host?: Host
}

/**
 * Starts the system's Chromium (`$CHROMIUM`, else Debian's): its headless shell, or the whole of it. Close it when done.
 * @throws {Error} If there is none; it names the command that installs it.
 */
export async function launchBrowser({ whole = false, args = [], host }: LaunchOptions = {}): Promise<Browser> {
  const name = whole ? 'chromium' : 'chromium-headless-shell'
  const executablePath = process.env.CHROMIUM ?? `/usr/bin/${name}`
  try {
    await access(executablePath, constants.X_OK)
  } catch (cause) {
    const how = `Run: apt-get install -y ${name} — or set CHROMIUM to the path of one.`
    throw new Error(`There is no Chromium at ${executablePath}. ${how}`, { cause })
  }
  // Loaded here, so that tests without a browser do not wait for it.
  const { chromium } = await import('playwright-core')
  const launch = (file: string, ...more: readonly string[]) =>
    chromium.launch({ executablePath: file, headless: true, args: [...flags, ...more, ...args] })
  if (!host) return launch(executablePath, '--allow-loopback-in-peer-connection')
  const folder = await mkdtemp(join(tmpdir(), 'parley-chromium-'))
  try {
    // Playwright can start a file only, not a command with arguments.
    const script = join(folder, 'chromium')
    await writeFile(script, `#!/bin/sh\nexec ${[...host.prefix, executablePath].join(' ')} "$@"\n`, { mode: 0o755 })
    return await launch(script)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A browser with a profile on disk that outlives it. */
export interface PersistentBrowser {
  /** Has only the one profile: every context is that. */
  readonly browser: Browser
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>
}

/** Starts Chromium on a folder as people's browsers are, with one profile, whose files stay for the next start. */
export async function launchPersistent(folder: string, { args = [] }: LaunchOptions = {}): Promise<PersistentBrowser> {
  const { chromium } = await import('playwright-core')
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell'
  let context: BrowserContext | undefined
  const browser = {
    newContext: async (options: BrowserContextOptions) => {
      context = await chromium.launchPersistentContext(folder, {
        executablePath,
        headless: true,
        args: [...flags, '--allow-loopback-in-peer-connection', ...args],
        ...options,
      })
      return context
    },
  }
  return {
    browser: browser as unknown as Browser,
    kill: async () => {
      const closed = new Promise(resolve => context?.once('close', resolve) ?? resolve(undefined))
      for (const pid of await processesOf(folder)) process.kill(pid, 'SIGKILL')
      await closed
    },
  }
}

/** The processes whose command line names a profile's folder; the browser itself is among them. */
async function processesOf(folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  const named = await Promise.all(
    pids.map(async pid => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') // It has ended meanwhile.
      return line.includes(`--user-data-dir=${folder}`) ? pid : []
    }),
  )
  return named.flat()
}

/** A browser profile that may talk to one origin. */
export interface GuardedContext {
  readonly context: BrowserContext
  /** The addresses of requests and sockets that went anywhere else; tests assert that it stays empty. */
  readonly outside: readonly string[]
}

/** Generous, because a busy machine may need long for what usually takes milliseconds. */
const patienceMs = 180_000

/**
 * A script to run first in every page: videos arrive, are decoded and have their place, but are not painted, unless somebody looks
 * (`SHOTS`). Without a GPU, painting two people's pages takes most of a core, several times what their call takes.
 */
export const withoutPainting = process.env.SHOTS
  ? ''
  : `{
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('video { opacity: 0 !important }')
    document.adoptedStyleSheets = [sheet]
  }`

export interface ContextOptions extends BrowserContextOptions {
  /** Paints videos, as it takes a GPU to do with ease; see {@link withoutPainting}. */
  readonly paints?: boolean
}

/** A fresh profile that accepts self-made certificates and whose requests are watched. */
export async function openContext(
  browser: Browser,
  origin: string,
  { paints = false, ...options }: ContextOptions = {},
): Promise<GuardedContext> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    permissions: ['camera', 'microphone'],
    ...options,
  })
  context.setDefaultTimeout(patienceMs)
  if (!paints) await context.addInitScript(withoutPainting)
  return { context, outside: guardOrigin(context, origin) }
}

/** Records every request and WebSocket of a profile that leaves `origin`. */
function guardOrigin(context: BrowserContext, origin: string): readonly string[] {
  const outside: string[] = []
  const { host } = new URL(origin)
  const look = (address: string) => {
    const url = new URL(address)
    if (/^(?:https?|wss?):$/.test(url.protocol) && url.host !== host) outside.push(address)
  }
  context.on('request', request => look(request.url()))
  context.on('page', page => page.on('websocket', socket => look(socket.url())))
  return outside
}
