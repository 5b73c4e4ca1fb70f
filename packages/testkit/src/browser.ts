import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import type { Host } from './networks/internet.ts'

/**
 * Chromium believes the last list alone, so this one repeats what of Playwright's own matters here. The omnibox's popups
 * would be two hidden pages beside each page that is opened, and two seconds of computing.
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

/** A flag: a picture is as good at ten frames a second, and leaves the machine room for whatever else goes on. */
export const fewFrames = '--use-fake-device-for-media-stream=fps=10'

export interface LaunchOptions {
  /**
   * The browser as people have it, with tabs and a window though nobody sees it, for tests that look at pages. The
   * headless shell is the same engine with the same WebRTC, and opens a page in half the time.
   */
  readonly whole?: boolean
  /** Further command line flags; of two of one name the later counts. */
  readonly args?: readonly string[]
  /** Where it runs. On this machine itself, unless said otherwise, where WebRTC goes over loopback. */
  readonly host?: Host
}

/**
 * Starts the system's Chromium (`$CHROMIUM`, else Debian's): its headless shell, or the whole of it. Close it when done.
 * @throws {Error} that names the command to run, where there is none.
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
    // Playwright starts a file, without words before it.
    const script = join(folder, 'chromium')
    await writeFile(script, `#!/bin/sh\nexec ${[...host.prefix, executablePath].join(' ')} "$@"\n`, { mode: 0o755 })
    return await launch(script)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A browser profile that may talk to one origin. */
export interface GuardedContext {
  readonly context: BrowserContext
  /** The addresses of requests and sockets that went anywhere else; a suite asserts that it stays empty. */
  readonly outside: readonly string[]
}

/** A busy machine may take long over what is a matter of milliseconds. */
const patienceMs = 90_000

/** A fresh profile that accepts self-made certificates and whose requests are watched. */
export async function openContext(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<GuardedContext> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    permissions: ['camera', 'microphone'],
    ...options,
  })
  context.setDefaultTimeout(patienceMs)
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
