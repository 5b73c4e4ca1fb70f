import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import type { Parley } from './parley.ts'

/** What has arrived from the others over all peer connections of a page. */
export interface Received {
  readonly connections: number
  /** Frames decoded, a number per incoming video. */
  readonly frames: readonly number[]
  /** Total audio energy, a number per incoming audio (WebRTC statistics, `totalAudioEnergy`). */
  readonly audioEnergy: readonly number[]
}

export interface PersonOptions {
  readonly name: string
  /** `denied`: the browser refuses camera and microphone. */
  readonly devices?: 'allowed' | 'denied'
  readonly locale?: string
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly dark?: boolean
  /** Runs in every page before its own scripts. */
  readonly initScript?: string
}

/** Somebody in a browser profile of their own. */
export interface Person {
  readonly name: string
  readonly page: Page
  readonly context: BrowserContext
  /** Another tab of the same person. */
  tab(): Promise<Page>
  close(): Promise<void>
}

/** Requests that left the origin of the server under test, over all people; every suite asserts that it stays empty. */
export const outsideRequests: string[] = []

/** Opens the home page as somebody whose name is remembered already. */
export async function openPerson(browser: Browser, parley: Parley, options: PersonOptions): Promise<Person> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale: options.locale ?? 'en-US',
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.dark ? 'dark' : 'light',
    permissions: options.devices === 'denied' ? [] : ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
    serviceWorkers: 'block',
  })
  context.on('request', request => {
    const { protocol, host } = new URL(request.url())
    if (['http:', 'https:'].includes(protocol) && host !== new URL(parley.url).host) outsideRequests.push(request.url())
  })
  await context.addInitScript(recordPeerConnections)
  if (options.initScript) await context.addInitScript(options.initScript)
  const page = await openTab(context, parley)
  await page.getByRole('textbox', { name: /your name/i }).fill(options.name)
  return {
    name: options.name,
    page,
    context,
    tab: () => openTab(context, parley),
    close: () => context.close(),
  }
}

async function openTab(context: BrowserContext, parley: Parley): Promise<Page> {
  const page = await context.newPage()
  await page.goto(parley.url)
  return page
}

/** Keeps a list of the page's peer connections, so that tests can read their statistics as the browser counts them. */
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

/** Reads the incoming statistics of every open peer connection. */
export function received(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const open = all.filter(connection => connection.connectionState === 'connected')
    const frames: number[] = []
    const audioEnergy: number[] = []
    for (const connection of open) {
      for (const entry of (await connection.getStats()).values()) {
        if (entry.type !== 'inbound-rtp') continue
        if (entry.kind === 'video') frames.push(entry.framesDecoded ?? 0)
        else audioEnergy.push(entry.totalAudioEnergy ?? 0)
      }
    }
    return { connections: open.length, frames, audioEnergy }
  })
}

/** Cuts the page off from the network, or lets it back on. WebRTC is cut as well: all its packets are lost. */
export async function setOffline(page: Page, offline: boolean): Promise<void> {
  const session = await cdp(page)
  await session.send('Network.emulateNetworkConditions', {
    offline,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
    ...(offline ? { packetLoss: 100 } : {}),
  })
}

const sessions = new WeakMap<Page, CDPSession>()
async function cdp(page: Page): Promise<CDPSession> {
  const known = sessions.get(page)
  if (known) return known
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  sessions.set(page, session)
  return session
}

/** Goes through the green room into the meeting of that name. */
export async function enterRoom(person: Person, parley: Parley, room: string): Promise<void> {
  await person.page.goto(`${parley.url}/r/${room}`)
  await person.page.getByRole('button', { name: /^join/i }).click()
  await person.page.getByRole('toolbar', { name: /meeting/i }).waitFor()
}
