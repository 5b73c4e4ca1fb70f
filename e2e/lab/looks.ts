import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { accessibilityViolations, asSentence } from '../harness/accessibility.ts'

/** The two ways in which every page is looked at. */
export const looks = [
  { look: 'wide, light, English', viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-US' },
  { look: '390 px, dark, 中文', viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' },
] as const

/** Nothing that axe finds, and nothing that sticks out to the side. `SHOTS` names a folder for pictures to look at. */
export async function expectFine(page: Page, name: string): Promise<void> {
  const violations = await accessibilityViolations(page)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true })
  expect(violations.map(asSentence)).toEqual([])
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
}

/** The page's verdict, once there is one. */
export async function verdict(page: Page): Promise<string> {
  return (await page.locator('[data-verdict]').getAttribute('data-verdict')) ?? ''
}

/** Waits until this is the page's verdict: it grows with what is found. */
export async function expectVerdict(page: Page, wanted: 'pass' | 'warn' | 'fail'): Promise<void> {
  await expect.poll(() => verdict(page)).toBe(wanted)
}

/** How many peer connections of the page are not closed. */
export function openPeerConnections(page: Page): Promise<number> {
  return page.evaluate(() => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    return all.filter(connection => connection.signalingState !== 'closed').length
  })
}
