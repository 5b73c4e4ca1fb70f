import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  // Without it no service worker is registered for an address with a self-made certificate.
  stage = await openStage({ browserFlags: ['--ignore-certificate-errors'] })
})
afterAll(() => stage.close())

it('both apps open without a network once they have been there, whichever was there first', async () => {
  const { context, page } = await stage.stranger({ serviceWorkers: 'allow' })
  for (const path of ['/lab/checks', '/']) {
    await page.goto(stage.parley.url + path)
    await page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready
      while (active?.state !== 'activated') {
        await new Promise(resolve => active?.addEventListener('statechange', resolve, { once: true }))
      }
    })
  }
  await context.setOffline(true)
  for (const [path, title] of [
    ['/', 'Talk face to face'],
    ['/lab/sdp', 'SDP'],
  ] as const) {
    await page.goto(stage.parley.url + path)
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
  }
  expect(await page.evaluate(() => navigator.onLine)).toBe(false)
  await context.close()
})
