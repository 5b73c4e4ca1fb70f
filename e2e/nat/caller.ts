import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Host, openContext } from '@parley/testkit'
import { type Browser, chromium, type Page } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  // TURN over TLS wants a certificate that is trusted, which a page's exceptions do not reach.
  '--ignore-certificate-errors',
]

/** How a peer connection reaches the other side, in WebRTC's words, such as `relay over tcp` or `srflx over udp`. */
export interface Path {
  readonly framesDecoded: number
  readonly local: string
  readonly remote: string
}

/** Somebody with a browser on a host of their own. */
export interface Caller {
  /** Comes to the room's door as a new person. */
  arrive(url: string, room: string): Promise<Visit>
  close(): Promise<void>
}

export interface Visit {
  /** Presses the button, and is in. */
  join(): Promise<void>
  path(): Promise<Path | undefined>
  /** By closing the page. */
  leave(): Promise<void>
}

/** Chromium on a host of its own. */
export interface BrowserOnHost {
  readonly browser: Browser
  close(): Promise<void>
}

/** Starts Chromium on that host. */
export async function browserOn(host: Host, ...more: readonly string[]): Promise<BrowserOnHost> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-chromium-'))
  const executablePath = join(folder, 'chromium')
  const command = [...host.prefix, process.env.CHROMIUM ?? '/usr/bin/chromium'].join(' ')
  await writeFile(executablePath, `#!/bin/sh\nexec ${command} "$@"\n`)
  await chmod(executablePath, 0o755)
  const browser = await chromium.launch({ executablePath, headless: true, args: [...flags, ...more] })
  return {
    browser,
    async close() {
      await browser.close()
      await rm(folder, { recursive: true })
    },
  }
}

export async function callerOn(host: Host, name: string): Promise<Caller> {
  const { browser, close } = await browserOn(host)
  return {
    async arrive(url, room) {
      const { context } = await openContext(browser, url, { locale: 'en-US', serviceWorkers: 'block' })
      await context.addInitScript(recordPeerConnections)
      const page = await context.newPage()
      await page.goto(url)
      await page.getByRole('textbox', { name: 'Your name' }).fill(name)
      await page.goto(`${url}/r/${room}`)
      const button = page.getByRole('button', { name: /^join/i })
      await button.waitFor()
      return {
        async join() {
          await button.click()
          await page.getByRole('button', { name: 'Leave', exact: true }).waitFor()
        },
        path: () => pathOf(page),
        leave: () => context.close(),
      }
    },
    close,
  }
}

/** Keeps a list of the page's peer connections, to read their statistics as the browser counts them. */
function recordPeerConnections(): void {
  const Native = globalThis.RTCPeerConnection
  const list: RTCPeerConnection[] = []
  Object.defineProperty(globalThis, '__peerConnections', { value: list })
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      list.push(this)
    }
  }
}

/** Of the one connected peer connection; undefined while there is none. */
function pathOf(page: Page): Promise<Path | undefined> {
  return page.evaluate(async () => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const connection = all.find(({ connectionState }) => connectionState === 'connected')
    if (!connection) return undefined
    const stats = await connection.getStats()
    const entries = [...stats.values()]
    const transport = entries.find(({ type }) => type === 'transport')
    const pair = stats.get(transport?.selectedCandidatePairId)
    const inWords = (candidate?: { candidateType: string; relayProtocol?: string; protocol: string }) =>
      candidate ? `${candidate.candidateType} over ${candidate.relayProtocol ?? candidate.protocol}` : 'unknown'
    const video = entries.filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video')
    return {
      framesDecoded: video.reduce((total, { framesDecoded = 0 }) => total + framesDecoded, 0),
      local: inWords(stats.get(pair?.localCandidateId)),
      remote: inWords(stats.get(pair?.remoteCandidateId)),
    }
  })
}
