import { access, constants } from 'node:fs/promises'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'

/** Quiet, headless, with a fake camera and microphone that nobody is asked about, and WebRTC over loopback. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
]

export interface LaunchOptions {
  /** Further command line flags. */
  readonly args?: readonly string[]
}

/**
 * Starts the system's Chromium (`$CHROMIUM`, else `/usr/bin/chromium`). Close it when done.
 * @throws {Error} that names the command to run, where there is none.
 */
export async function launchBrowser({ args = [] }: LaunchOptions = {}): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  try {
    await access(executablePath, constants.X_OK)
  } catch (cause) {
    const how = 'Run: apt-get install -y chromium — or set CHROMIUM to the path of one.'
    throw new Error(`There is no Chromium at ${executablePath}. ${how}`, { cause })
  }
  // Loaded here, so that tests without a browser do not wait for it.
  const { chromium } = await import('playwright-core')
  return chromium.launch({ executablePath, headless: true, args: [...flags, ...args] })
}

/** A browser profile that may talk to one origin. */
export interface GuardedContext {
  readonly context: BrowserContext
  /** The addresses of requests and sockets that went anywhere else; a suite asserts that it stays empty. */
  readonly outside: readonly string[]
}

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
  return { context, outside: guardOrigin(context, origin) }
}

/** Records every request and WebSocket of a profile that leaves `origin`. */
export function guardOrigin(context: BrowserContext, origin: string): readonly string[] {
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
