import { gzipSync } from 'node:zlib'
import { openContext } from '@parley/testkit'
import type { Browser, Locator, Route } from 'playwright-core'

/** JavaScript in bytes, gzipped at level 9 as the build does it. */
export interface FirstLoad {
  readonly home: number
  /** Home and the green room after it. */
  readonly greenRoom: number
  /** What the app fetched ahead meanwhile for later screens. */
  readonly ahead: number
}

/** How long a screen may take to show before it gets another script. */
const patienceMs = 2_000

/**
 * Goes with an empty cache to Home and on to the green room, with as few scripts as these screens need: each script is held back
 * until the screen has failed to show without it.
 */
export async function measureFirstLoad(browser: Browser, url: string): Promise<FirstLoad> {
  const { context } = await openContext(browser, url, { serviceWorkers: 'block' })
  const page = await context.newPage()
  const waiting: Route[] = []
  await page.route('**/*', route =>
    route.request().resourceType() === 'script' ? void waiting.push(route) : route.continue(),
  )
  const reach = async (screen: Locator) => {
    let bytes = 0
    for (let vain = 0; !(await shows(screen)); ) {
      vain = waiting.length > 0 ? 0 : vain + 1
      if (vain > 10) throw new Error(`It never showed: ${screen}`)
      bytes += await release(waiting.shift())
    }
    return bytes
  }
  await page.goto(url, { waitUntil: 'commit' })
  const newMeeting = page.getByRole('button', { name: /new meeting/i })
  const home = await reach(newMeeting)
  await page.getByRole('textbox', { name: /your name/i }).fill('Bench')
  await newMeeting.click()
  const greenRoom = home + (await reach(page.getByRole('button', { name: /^join/i })))
  let ahead = 0
  do ahead += await release(waiting.shift())
  while (waiting.length > 0)
  await context.close()
  return { home, greenRoom, ahead }
}

async function shows(screen: Locator): Promise<boolean> {
  try {
    await screen.waitFor({ timeout: patienceMs })
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return false
    throw error
  }
}

/** Lets a script through; returns its size. */
async function release(route: Route | undefined): Promise<number> {
  if (!route) return 0
  const response = await route.fetch()
  await route.fulfill({ response })
  return gzipSync(await response.body(), { level: 9 }).length
}
