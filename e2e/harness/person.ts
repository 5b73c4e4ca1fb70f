import { openContext } from '@parley/testkit'
import type { Browser, BrowserContext, BrowserContextOptions, CDPSession, Page } from 'playwright-core'
import type { Firefox } from './firefox/firefox.ts'
import type { FirefoxPage } from './firefox/page.ts'
import type { Profile, Screen } from './firefox/screen.ts'
import type { Parley } from './parley.ts'

export interface PersonOptions extends BrowserContextOptions {
  /** Runs in every page before its own scripts. */
  readonly initScript?: string
}

/** Somebody in a browser profile of their own: of Chromium, or of another browser. */
export interface Person<Tab extends Screen = Page, Context = BrowserContext> {
  readonly page: Tab
  readonly context: Context
  /** Requests that went anywhere but to our server, and what the Content Security Policy stopped. */
  readonly strays: () => readonly string[]
  /** Opens the home page. */
  home(): Promise<void>
  /** Another tab of the same person, on the home page. */
  tab(): Promise<Tab>
  /** Comes to the door of the meeting of that name: the green room. */
  arrive(room: string): Promise<void>
  /** From the green room into the meeting. */
  join(): Promise<void>
  /** Goes to the meeting of that name, through the green room. */
  enter(room: string): Promise<void>
  /** Leaves every page, as people do. */
  close(): Promise<void>
}

/** Somebody whom a test treats alike whatever their browser. */
export type Anybody = Person<Screen, Profile<Screen>>

/** Somebody whose browser knows the name and has a camera of small pictures, with an empty page. */
export function openPerson(
  browser: Browser,
  parley: Pick<Parley, 'url'>,
  name: string,
  { initScript = '', ...options }: PersonOptions = {},
): Promise<Person> {
  return openStranger(browser, parley, { ...options, initScript: `${prepared(name)};${initScript}` })
}

/** The same in Firefox. */
export async function openFirefoxPerson(
  firefox: Firefox,
  parley: Pick<Parley, 'url'>,
  name: string,
  { initScript = '' }: Pick<PersonOptions, 'initScript'> = {},
): Promise<Person<FirefoxPage, Profile<FirefoxPage>>> {
  const { context, outside } = await firefox.openContext(parley.url)
  return settle<FirefoxPage, Profile<FirefoxPage>>(context, parley, () => outside, `${prepared(name)};${initScript}`)
}

const prepared = (name: string) => `(${prepare})(${JSON.stringify(name)})`

/** As if the name had been written on an earlier visit. Small pictures are as good, and cost a tenth of large ones. */
function prepare(name: string): void {
  if (location.protocol !== 'https:') return
  const settings = JSON.parse(localStorage.getItem('parley.settings') ?? '{}')
  localStorage.setItem('parley.settings', JSON.stringify({ name, ...settings }))
  const media = navigator.mediaDevices
  const getUserMedia = media.getUserMedia.bind(media)
  media.getUserMedia = (constraints = {}) => {
    const { video, ...others } = constraints
    const small = typeof video === 'object' ? { ...video, width: 320, height: 180 } : video
    return getUserMedia(small === undefined ? others : { ...others, video: small })
  }
}

/** A browser profile that has never seen Parley, with an empty page. */
export async function openStranger(
  browser: Browser,
  parley: Pick<Parley, 'url'>,
  { initScript, ...options }: PersonOptions = {},
): Promise<Person> {
  const { context, outside } = await openContext(browser, parley.url, {
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
    ...options,
  })
  const violations: string[] = []
  context.on('console', message => {
    if (!message.text().includes('Content Security Policy')) return
    const { url, lineNumber, columnNumber } = message.location()
    // What a test put into the page, such as axe, has no address.
    const place = `${url || 'injected script'}:${lineNumber + 1}:${columnNumber + 1}`
    violations.push(`${message.text()} (at ${place}, page ${message.page()?.url()})`)
  })
  return settle<Page, BrowserContext>(context, parley, () => [...outside, ...violations], initScript)
}

/** Gives the owner of a profile a first page, and legs. */
async function settle<Tab extends Screen, Context extends Profile<Tab>>(
  context: Context,
  parley: Pick<Parley, 'url'>,
  strays: () => readonly string[],
  initScript = '',
): Promise<Person<Tab, Context>> {
  await context.addInitScript(`(${recordPeerConnections})()`)
  await context.addInitScript(initScript)
  const page = await context.newPage()
  const joinButton = page.getByRole('button', { name: /^(join|加入)/i })
  const arrive = async (room: string) => {
    await page.goto(`${parley.url}/r/${room}`)
    await joinButton.waitFor()
  }
  const join = async () => {
    await joinButton.click()
    await page.getByRole('button', { name: /^(leave|离开)$/i }).waitFor()
  }
  return {
    page,
    context,
    strays,
    home: async () => void (await page.goto(parley.url)),
    tab: async () => {
      const another = await context.newPage()
      await another.goto(parley.url)
      return another
    },
    arrive,
    join,
    enter: async room => {
      await arrive(room)
      await join()
    },
    close: async () => {
      // A page that is left for one of the same site, in the same process, says goodbye; one that is killed with its profile
      // stays in the others' lists for half a minute.
      await Promise.all(context.pages().map(each => each.goto(`${parley.url}/healthz`)))
      await context.close()
    },
  }
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

/** What has arrived from the others over the open peer connections of a page, by stream. */
export interface Received {
  /** Frames decoded. */
  readonly frames: Readonly<Record<string, number>>
  /** Total audio energy (WebRTC statistics, `totalAudioEnergy`). */
  readonly audioEnergy: Readonly<Record<string, number>>
}

export function received(page: Screen): Promise<Received> {
  return page.evaluate(async () => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const frames: Record<string, number> = {}
    const audioEnergy: Record<string, number> = {}
    for (const [index, connection] of all.entries()) {
      if (connection.connectionState !== 'connected') continue
      for (const entry of (await connection.getStats()).values()) {
        if (entry.type !== 'inbound-rtp') continue
        const stream = `${index} ${entry.ssrc}`
        if (entry.kind === 'video') frames[stream] = entry.framesDecoded ?? 0
        else audioEnergy[stream] = entry.totalAudioEnergy ?? 0
      }
    }
    return { frames, audioEnergy }
  })
}

/** How many pictures arrive at a page. */
export async function picturesAt(page: Screen): Promise<number> {
  return Object.keys((await received(page)).frames).length
}

/** Cuts the page's sockets off from the network, or lets them back on. WebRTC is not cut: see `client/udp-path.ts` for that. */
export async function setOffline(page: Page, offline: boolean): Promise<void> {
  const session = await devTools(page)
  const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
  await session.send('Network.emulateNetworkConditions', conditions)
}

const sessions = new WeakMap<Page, CDPSession>()

async function devTools(page: Page): Promise<CDPSession> {
  const known = sessions.get(page)
  if (known) return known
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  sessions.set(page, session)
  return session
}
