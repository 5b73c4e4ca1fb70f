import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchPersistent } from '@parley/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { devices } from './harness/devices.ts'
import { colours, probe, tone } from './harness/media-file.ts'
import { openPerson, type Person } from './harness/person.ts'
import { badge, download, keptRecording, more, startRecording, takeOut, untilRecorded } from './harness/recordings.ts'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

const browserFlags = ['--autoplay-policy=no-user-gesture-required']

let stage: Stage
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-recording-'))
  stage = await openStage({ browserFlags })
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

const red = { name: 'Ann', initScript: devices('#ff2020', 440) }
const green = { name: 'Bob', initScript: devices('#20ff20', 1000) }
const blue = { name: '../Cho <b>', initScript: devices('#2020ff', 2200) }

async function enter(room: string, { name, initScript }: typeof red): Promise<Person> {
  const person = await stage.person(name, { initScript })
  await person.enter(room)
  return person
}

describe('two who meet, one thing after the other', () => {
  let people: readonly [Person, Person]
  beforeAll(async () => {
    people = await Promise.all([enter('tea', red), enter('tea', green)])
    await Promise.all(people.map(person => expectToSeeAndHear(person, 1)))
  })
  afterAll(() => stage.clear())

  it('each person’s tracks become files of their own; who is muted is not recorded', async () => {
    const [ann, bob] = people
    await startRecording(ann.page, 'Separate tracks')
    await untilRecorded(ann.page, 3)
    await bob.page.keyboard.press('m')
    await ann.page.getByRole('group', { name: /^Bob, microphone off/ }).waitFor()
    await untilRecorded(ann.page, 6)
    await more(ann.page, 'Stop recording')
    await ann.page.getByRole('button', { name: 'Show' }).click()
    const expected = [
      { whose: 'Ann-microphone', kind: 'audio', hz: 440 },
      { whose: 'Bob-microphone', kind: 'audio', hz: 1000 },
      { whose: 'Ann-camera', kind: 'video', colour: 'red' },
      { whose: 'Bob-camera', kind: 'video', colour: 'green' },
    ] as const
    const buttons = ann.page.getByRole('button', { name: /^Download/ })
    await expect.poll(() => buttons.count()).toBe(expected.length)
    for (const { whose, kind, ...content } of expected) {
      const button = ann.page.getByRole('button', { name: `Download parley-tea-${whose}` })
      const { path } = await download(ann.page, () => button.click(), folder)
      const { durationMs, streams } = await probe(path)
      expect(streams, whose).toMatchObject([{ kind }])
      expect(durationMs, whose).toBeGreaterThan(3000)
      if ('colour' in content) {
        expect((await colours(path, durationMs / 2))[content.colour], whose).toBeGreaterThan(0.8)
        continue
      }
      expect(await tone(path, content.hz, 1000, 1000), whose).toBeGreaterThan(0.03)
      const isMuted = whose.startsWith('Bob')
      const end = await tone(path, content.hz, durationMs - 1000, 800)
      expect(isMuted ? end < 0.005 : end > 0.03, `${whose}: ${end}`).toBe(true)
    }
    await ann.page.getByRole('button', { name: 'Delete the recording of tea' }).click()
    await ann.page.getByRole('button', { name: 'Delete', exact: true }).click()
    await ann.page.getByText('No recordings yet.').waitFor()
    expect(await keptRecording(ann.page)).toBeUndefined()
    await ann.page.keyboard.press('Escape')
    await bob.page.keyboard.press('m')
  })

  it('the meeting becomes one picture with all sound, of who comes later too; everybody sees it', async () => {
    const [ann, bob] = people
    await startRecording(ann.page, 'The whole meeting')
    await badge(bob.page, 'Ann is recording').waitFor()
    await bob.page.getByText('Ann is recording this meeting').first().waitFor()
    await expect.poll(() => bob.page.title()).toContain('● Recording')
    await untilRecorded(ann.page, 3)

    const cho = await enter('tea', blue)
    await cho.page.getByText('Ann is recording this meeting').first().waitFor()
    await badge(cho.page, 'Ann is recording').waitFor()
    await expectToSeeAndHear(ann, 2)
    const tile = ann.page.getByRole('group', { name: /Cho/ })
    await tile.hover()
    await tile.getByRole('button', { name: /^Options for/ }).click()
    const photo = ann.page.getByRole('button', { name: 'Take a snapshot of this picture' })
    const snapshot = await download(ann.page, () => photo.click(), folder)
    expect(snapshot.name).toMatch(/^parley-tea-Cho b-[\d-]+\.png$/)
    expect((await colours(snapshot.path, 0)).blue).toBeGreaterThan(0.9)
    await untilRecorded(ann.page, 8)

    await badge(ann.page, 'You are recording').click()
    await ann.page.getByRole('button', { name: 'Stop recording' }).click()
    await Promise.all([bob, cho].map(({ page }) => page.getByText('Ann stopped recording').first().waitFor()))
    await badge(bob.page, 'Ann is recording').waitFor({ state: 'detached' })
    await cho.page.getByRole('button', { name: 'Leave' }).click()
    await ann.page.getByRole('button', { name: 'Show' }).click()
    const button = ann.page.getByRole('button', { name: /^Download/ })
    const { name, path } = await download(ann.page, () => button.click(), folder)
    expect(name).toMatch(/^parley-tea-[\d-]+\.(mp4|webm)$/)

    const elapsedMs = (await keptRecording(ann.page))?.journal.elapsedMs ?? 0
    const { durationMs, streams } = await probe(path)
    expect(streams).toContainEqual(expect.objectContaining({ kind: 'video', width: 1280, height: 720 }))
    expect(streams.map(({ kind }) => kind).sort()).toEqual(['audio', 'video'])
    expect(Math.abs(durationMs - elapsedMs), `${durationMs} of ${elapsedMs}`).toBeLessThan(1000)

    const early = await colours(path, 1500)
    expect(early).toMatchObject({ red: expect.closeTo(0.43, 1), green: expect.closeTo(0.43, 1), blue: 0 })
    for (const share of Object.values(await colours(path, durationMs - 700))) expect(share).toBeGreaterThan(0.15)

    const heard = (hz: number, fromMs: number) => tone(path, hz, fromMs, 1000)
    for (const hz of [440, 1000]) expect(await heard(hz, 1500), `${hz} Hz`).toBeGreaterThan(0.03)
    expect(await heard(2200, 1000)).toBeLessThan(0.005)
    for (const hz of [440, 1000, 2200]) expect(await heard(hz, durationMs - 1200), `${hz} Hz`).toBeGreaterThan(0.03)
    expect(await heard(3100, durationMs - 1200)).toBeLessThan(0.005)
    await ann.page.keyboard.press('Escape')
  })

  it('leaving finishes a recording', async () => {
    const [ann, bob] = people
    await startRecording(ann.page, 'The whole meeting')
    await untilRecorded(ann.page, 2)
    await ann.page.getByRole('button', { name: 'Leave' }).click()
    await ann.page.getByText('The meeting ended, so the recording was stopped and saved').first().waitFor()
    await badge(bob.page, 'Ann is recording').waitFor({ state: 'detached' })
    await ann.page.getByRole('button', { name: 'Recordings on this device' }).click()
    await ann.page.getByRole('button', { name: 'Play tea' }).first().waitFor()
  })
})

it('a browser that is killed loses seconds: at the next visit the recording is repaired', async () => {
  const profile = join(folder, 'profile')
  const first = await launchPersistent(profile, { args: browserFlags })
  const ann = await openPerson(first.browser, stage.parley, 'Ann', { initScript: red.initScript })
  await ann.enter('crash')
  await startRecording(ann.page, 'The whole meeting')
  await untilRecorded(ann.page, 8)
  const before = await keptRecording(ann.page)
  await first.kill()

  const second = await launchPersistent(profile, { args: browserFlags })
  try {
    const again = await openPerson(second.browser, stage.parley, 'Ann')
    await again.home()
    await again.page.getByText('A recording of crash was interrupted').first().waitFor()
    await again.page.getByRole('button', { name: 'Show' }).click()
    await again.page.getByRole('button', { name: 'Keep and repair the recording of crash' }).click()
    await again.page.getByRole('button', { name: 'Play crash' }).waitFor()
    const after = await keptRecording(again.page)
    expect(after?.id).toBe(before?.id)
    expect(after?.files.filter(({ path }) => path !== 'journal.json')).toHaveLength(1)
    const { path: kept = '' } = after?.files.find(({ path }) => path !== 'journal.json') ?? {}
    const path = await takeOut(again.page, after?.id ?? '', kept, folder)
    const { durationMs, streams } = await probe(path)
    expect(streams.map(({ kind }) => kind).sort()).toEqual(['audio', 'video'])
    expect(durationMs).toBeGreaterThan(4000)
    expect((await colours(path, durationMs / 2)).red).toBeGreaterThan(0.2)
  } finally {
    await second.kill()
  }
})

it('a full disk stops it cleanly; what there was is kept', async () => {
  const ann = await enter('full', red)
  await startRecording(ann.page, 'The whole meeting')
  await untilRecorded(ann.page, 3)
  await ann.page.evaluate(() => {
    navigator.storage.estimate = async () => ({ quota: 1e9, usage: 1e9 })
  })
  await ann.page.getByText('There is no space left, so the recording was stopped').first().waitFor()
  await ann.page.getByText('What was recorded until then is saved.').first().waitFor()
  await badge(ann.page, 'You are recording').waitFor({ state: 'detached' })
  await ann.page.getByRole('button', { name: 'Show' }).click()
  const play = ann.page.getByRole('button', { name: 'Play full' })
  await play.click()
  const playing = () =>
    ann.page.getByLabel('full', { exact: true }).evaluate((video: HTMLVideoElement) => video.currentTime)
  await expect.poll(playing).toBeGreaterThan(0.5)
  await ann.page.keyboard.press('Escape')
  const photo = await download(ann.page, () => ann.page.keyboard.press('s'), folder)
  expect(photo.name).toMatch(/^parley-full-[\d-]+\.png$/)
  expect((await colours(photo.path, 0)).red).toBeGreaterThan(0.5)
  await ann.page.getByText(photo.name).waitFor()
  await stage.clear()
})

it('nothing of the recorder comes with the first page, nor with what is kept for offline', async () => {
  const files = await readdir(new URL('../apps/web/dist/assets/', import.meta.url))
  const heavy = files.filter(name => /^(recording-kit|store-worker|finish-worker|tick-worker)-.*\.js$/.test(name))
  expect(heavy).toHaveLength(4)
  const worker = await readFile(new URL('../apps/web/dist/sw.js', import.meta.url), 'utf8')
  const page = await readFile(new URL('../apps/web/dist/index.html', import.meta.url), 'utf8')
  for (const name of heavy) expect([worker.includes(name), page.includes(name)], name).toEqual([false, false])
})
