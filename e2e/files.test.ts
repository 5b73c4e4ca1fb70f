import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Person } from './harness/person.ts'
import { openStage, type Stage } from './harness/stage.ts'

let stage: Stage
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'))
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true })
})

it('a file goes to one person who accepts it, and is saved as it was; another declines', async () => {
  const [ann, bob] = await meet('one', 'Ann', 'Bob')
  const plan = await file('plan.bin', 3_000_000)
  await offer(ann, plan.path)
  await bob.page.getByText('Ann wants to send you plan.bin').first().waitFor()
  await bob.page.getByRole('button', { name: 'Show' }).click()
  const [download] = await Promise.all([
    bob.page.waitForEvent('download'),
    bob.page.getByRole('button', { name: 'Accept plan.bin' }).click(),
  ])
  expect(await hashOf(download)).toBe(plan.sha256)
  expect(download.suggestedFilename()).toBe('plan.bin')
  await bob.page.getByText('Received and checked').waitFor()
  await ann.page.getByText('Received and checked').waitFor()

  await offer(ann, (await file('photo.jpg', 100)).path)
  await bob.page.getByRole('button', { name: 'Decline photo.jpg' }).click()
  await ann.page.getByText('Bob declined').waitFor()
})

it('goes on after a pause of either side, and after both have reloaded their pages', async () => {
  const [ann, bob] = await meet('reload', 'Ann', 'Bob')
  const lift = await limit(ann, 1_000_000)
  const film = await file('film.mp4', 40_000_000)
  await offer(ann, film.path)
  await bob.page.getByRole('button', { name: 'Show' }).click()
  await bob.page.getByRole('button', { name: 'Accept film.mp4' }).click()
  await movement(bob.page)

  await bob.page.getByRole('button', { name: 'Pause film.mp4' }).click()
  await ann.page.getByText('Paused by Bob').waitFor()
  await bob.page.getByRole('button', { name: 'Continue film.mp4' }).click()
  await movement(ann.page)
  await ann.page.getByRole('button', { name: 'Pause film.mp4' }).click()
  await bob.page.getByText('Paused by Ann').waitFor()
  await ann.page.getByRole('button', { name: 'Continue film.mp4' }).click()
  const before = await movement(bob.page)

  await again(bob)
  expect(await movement(bob.page)).toBeGreaterThanOrEqual(before)
  const saved = bob.page.waitForEvent('download')
  await again(ann)
  await lift()
  const download = await saved
  expect(await hashOf(download)).toBe(film.sha256)
  await ann.page.getByText('Received and checked').waitFor()
})

it('whoever comes later is offered what is for everybody; names that deceive are made harmless', async () => {
  const [ann, bob] = await meet('later', 'Ann', 'Bob')
  await ann.page.getByRole('button', { name: 'More' }).click()
  await ann.page.getByRole('menuitem', { name: 'Files' }).click()
  const input = ann.page.locator('input[type=file]')
  await input.setInputFiles({ name: '../../\u202egpj.exe', mimeType: 'text/html', buffer: Buffer.from('<script>') })
  await bob.page.getByText('Ann wants to send you gpj.exe').first().waitFor()
  const cho = await stage.person('Cho')
  await cho.enter('later')
  await cho.page.getByRole('button', { name: 'Show' }).click()
  const [download] = await Promise.all([
    cho.page.waitForEvent('download'),
    cho.page.getByRole('button', { name: 'Accept gpj.exe' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('gpj.exe')
  await ann.page.getByText('Received and checked').waitFor()
})

/** Two people, who need no more than to see each other in the list. */
async function meet(room: string, ...names: readonly [string, string]): Promise<readonly [Person, Person]> {
  const [ann, bob] = await Promise.all([stage.person(names[0]), stage.person(names[1])])
  await Promise.all([ann.enter(room), bob.enter(room)])
  await ann.page.getByRole('button', { name: `Options for ${names[1]}` }).waitFor()
  return [ann, bob]
}

/** Reloads the page, and comes back into the meeting, to its files. */
async function again(person: Person): Promise<void> {
  await person.page.reload()
  await person.join()
  await person.page.getByRole('button', { name: /^More/ }).click()
  await person.page.getByRole('menuitem', { name: /^Files/ }).click()
}

async function file(name: string, bytes: number): Promise<{ path: string; sha256: string }> {
  const content = randomBytes(bytes)
  const path = join(folder, name)
  await writeFile(path, content)
  return { path, sha256: createHash('sha256').update(content).digest('hex') }
}

async function offer({ page }: Person, path: string): Promise<void> {
  if (!(await page.getByRole('complementary', { name: 'Files' }).isVisible())) {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Files' }).click()
  }
  await page.locator('input[type=file]').setInputFiles(path)
}

/** Waits until bytes move, and tells how many have. */
async function movement(page: Page): Promise<number> {
  const line = page.getByText(/^[\d.]+ ([kM]B|bytes?) · .*\/s/)
  const moved = async () => {
    const [, amount, unit] = /^([\d.]+) (\w+)/.exec((await line.textContent()) ?? '') ?? []
    return Number(amount) * (unit === 'MB' ? 1_000_000 : unit === 'kB' ? 1000 : 1)
  }
  const start = await moved()
  await expect.poll(moved).toBeGreaterThan(start)
  return start
}

/** Lets the page send so many bytes a second; returns what lets it send as many as it can. */
async function limit({ page, context }: Person, bytesPerSecond: number): Promise<() => Promise<void>> {
  const session = await context.newCDPSession(page)
  const set = async (uploadThroughput: number) => {
    const free = { offline: false, latency: 0, downloadThroughput: -1, packetQueueLength: 200 }
    await session.send('Network.emulateNetworkConditions', { ...free, uploadThroughput })
  }
  await session.send('Network.enable')
  await set(bytesPerSecond)
  return () => set(-1)
}

async function hashOf(download: Download): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(await download.path())) hash.update(chunk)
  return hash.digest('hex')
}
