import { fewFrames, type Host, launchBrowser } from '@parley/testkit'
import type { Browser } from 'playwright-core'

/** Chromium on a host of its own. */
export interface BrowserOnHost {
  readonly browser: Browser
  close(): Promise<void>
}

/** Starts Chromium on that host; `flags` are added to its command line. */
export async function browserOn(host: Host, ...flags: readonly string[]): Promise<BrowserOnHost> {
  // TURN over TLS wants a certificate that is trusted, which a page's exceptions do not reach.
  const browser = await launchBrowser({ host, args: [fewFrames, '--ignore-certificate-errors', ...flags] })
  return { browser, close: () => browser.close() }
}
