import type { Page } from 'playwright-core'

/** Begins to watch when frames of somebody's tile are presented. */
export async function watchFrames(page: Page, name: string): Promise<void> {
  await page.evaluate(person => {
    const times: number[] = []
    const followed = new WeakSet<HTMLVideoElement>()
    const follow = (video: HTMLVideoElement) => {
      video.requestVideoFrameCallback(() => {
        times.push(performance.now())
        follow(video)
      })
    }
    const look = () => {
      for (const video of document.querySelectorAll<HTMLVideoElement>(`[data-tile="${person}"] video`)) {
        if (!followed.has(video)) follow(video)
        followed.add(video)
      }
      requestAnimationFrame(look)
    }
    look()
    Object.defineProperty(globalThis, '__frameTimes', { value: times, configurable: true })
  }, name)
}

/** The longest time between two frames since the watch began, ms; infinite if there were none. */
export function longestGap(page: Page): Promise<number> {
  return page.evaluate(() => {
    const times = Reflect.get(globalThis, '__frameTimes') as number[]
    const gaps = [...times, performance.now()].map((time, i) => time - (times[i - 1] ?? time))
    return times.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...gaps)
  })
}
