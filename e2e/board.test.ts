import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Person, setOffline } from './harness/person.ts'
import { openStage, type Stage } from './harness/stage.ts'
import {
  alike,
  boardIsOpen,
  change,
  cursors,
  drawBox,
  drawn,
  findDrawing,
  isTold,
  keepNotes,
  pictures,
  withoutDevices,
} from './harness/whiteboard.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const boardScripts = findDrawing + withoutDevices + keepNotes

/** Somebody in the meeting, without devices: this is about what is drawn. */
async function come(name: string, room: string, options = {}): Promise<Person> {
  const person = await stage.person(name, { initScript: boardScripts, ...options })
  await person.enter(room)
  return person
}

async function open({ page }: Person): Promise<void> {
  await page.keyboard.press('b')
  await boardIsOpen(page)
}

/** Pastes a picture of one colour, as from the clipboard. */
const pastePicture = (page: Page) =>
  page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 400
    const context = canvas.getContext('2d')
    for (let i = 0; context && i < 4000; i++) {
      context.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`
      context.fillRect(Math.random() * 400, Math.random() * 400, 9, 9)
    }
    const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'))
    const clipboardData = new DataTransfer()
    if (blob) clipboardData.items.add(new File([blob], 'picture.png', { type: 'image/png' }))
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  })

describe('three people at one board', () => {
  let ann: Person
  let bob: Person
  afterAll(() => stage.clear())

  it('two draw at once and see the same, and each other’s names', async () => {
    ;[ann, bob] = await Promise.all([come('Ann', 'board'), come('Bob', 'board')])
    await open(ann)
    // It is offered, and not forced on anybody.
    await isTold(bob.page, 'Ann opened the whiteboard')
    expect(await bob.page.locator('[data-board]').count()).toBe(0)
    await Promise.all([drawBox(ann.page, 320, 150), open(bob)])
    await Promise.all([drawBox(ann.page, 320, 300), drawBox(bob.page, 520, 150)])
    await alike([ann.page, bob.page], 3)
    const box = await bob.page.locator('.board-view canvas.interactive').boundingBox()
    await bob.page.mouse.move((box?.x ?? 0) + 600, (box?.y ?? 0) + 400)
    await expect.poll(() => cursors(ann.page)).toEqual(['Bob'])
    await bob.page.mouse.move(5, 5)
    await expect.poll(() => cursors(ann.page)).toEqual([])
  })

  it('two change the same thing at the same time, and agree on which it is', async () => {
    const [{ id } = { id: '' }] = await drawn(ann.page)
    await Promise.all([
      change(ann.page, id, { strokeColor: '#ff0000' }),
      change(bob.page, id, { strokeColor: '#00ff00' }),
    ])
    const agreed = await alike([ann.page, bob.page], 3)
    expect(['#ff0000', '#00ff00']).toContain(agreed.find(element => element.id === id)?.strokeColor)
  })

  it('who comes later sees all of it, with pictures', async () => {
    await pastePicture(ann.page)
    await expect.poll(() => pictures(ann.page)).toHaveLength(1)
    await alike([ann.page, bob.page], 4)
    const cho = await come('Cho', 'board')
    await cho.page.getByRole('button', { name: 'More, with something new on the whiteboard' }).click()
    await cho.page.getByRole('menuitem', { name: /Whiteboard/ }).click()
    await boardIsOpen(cho.page)
    await alike([ann.page, bob.page, cho.page], 4)
    const [picture] = await pictures(ann.page)
    expect(picture).toMatch(/^image\/png \d{5}/)
    for (const { page } of [bob, cho]) await expect.poll(() => pictures(page)).toEqual([picture])
    await cho.close()
  })

  it('what is drawn while the connection is gone is merged when it is back; undo takes back one’s own', async () => {
    await setOffline(bob.page, true)
    await bob.page.getByText('Connection lost, reconnecting').waitFor()
    await drawBox(bob.page, 520, 300)
    await bob.page.getByText('1 change not sent yet').waitFor()
    const known = new Set((await drawn(ann.page)).map(({ id }) => id))
    const his = (await drawn(bob.page)).find(({ id }) => !known.has(id))
    await drawBox(ann.page, 320, 420)
    await setOffline(bob.page, false)
    const before = await alike([ann.page, bob.page], 6)
    await bob.page.getByText('not sent yet').waitFor({ state: 'detached' })

    await bob.page.keyboard.press('Control+z')
    const after = await alike([ann.page, bob.page], 5)
    expect(before.filter(({ id }) => after.every(other => other.id !== id)).map(({ id }) => id)).toEqual([his?.id])
    await bob.page.keyboard.press('Control+Shift+z')
    await alike([ann.page, bob.page], 6)
  })

  it('is saved as PNG and as SVG', async () => {
    const save = async (kind: 'PNG picture' | 'SVG drawing') => {
      await ann.page.getByRole('button', { name: 'Save as a picture' }).click()
      const download = ann.page.waitForEvent('download')
      await ann.page.getByRole('menuitem', { name: kind }).click()
      return readFile(await (await download).path())
    }
    const png = await save('PNG picture')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.length).toBeGreaterThan(5000)
    const svg = (await save('SVG drawing')).toString()
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>$/)
    expect(svg).toContain('data:image/png;base64,')
    expect(
      [...svg.matchAll(/https?:\/\/[^"'\s)]+/g)].map(([url]) => url).filter(url => !url.includes('www.w3.org')),
    ).toEqual([])
  })

  it('survives that everybody reloads', async () => {
    const before = await drawn(ann.page)
    await Promise.all([ann.page.goto(`${stage.parley.url}/healthz`), bob.page.goto(`${stage.parley.url}/healthz`)])
    await Promise.all([ann.enter('board'), bob.enter('board')])
    await Promise.all([open(ann), open(bob)])
    await alike([ann.page, bob.page], 6)
    expect((await drawn(bob.page)).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    await expect.poll(() => pictures(bob.page)).toHaveLength(1)
  })

  it('survives that the server starts anew', async () => {
    await stage.parley.kill()
    await ann.page.getByText('Connection lost, reconnecting').waitFor()
    await drawBox(ann.page, 720, 150)
    await stage.parley.start()
    await alike([ann.page, bob.page], 7)
    const dan = await come('Dan', 'board')
    await open(dan)
    await alike([ann.page, bob.page, dan.page], 7)
    await expect.poll(() => pictures(dan.page)).toHaveLength(1)
  })
})

describe('whoever means harm', () => {
  afterEach(() => stage.clear())

  it('draws nothing that runs, leads away or asks another server', async () => {
    const [ann, eve] = await Promise.all([come('Ann', 'harm'), come('Eve', 'harm')])
    await Promise.all([open(ann), open(eve)])
    await drawBox(eve.page, 320, 150)
    await drawBox(eve.page, 320, 300)
    const [first, second] = await alike([ann.page, eve.page], 2)
    await change(eve.page, first?.id ?? '', { link: 'javascript:globalThis.harmed=1' })
    await change(eve.page, second?.id ?? '', {
      type: 'text',
      text: '<img src=x onerror="globalThis.harmed=1"><script>globalThis.harmed=1</script>',
      originalText: '<img src=x onerror="globalThis.harmed=1">',
      fontSize: 20,
      fontFamily: 5,
      link: 'https://example.org/"onmouseover="globalThis.harmed=1',
    })
    await expect.poll(async () => (await drawn(ann.page)).map(({ text }) => text ?? '').join('')).toContain('<script>')
    const [, ...rest] = await drawn(ann.page)
    expect([await drawn(ann.page)].flat().find(({ id }) => id === first?.id)?.link).toBeNull()
    expect(rest.length).toBe(1)
    await change(eve.page, first?.id ?? '', { type: 'embeddable', link: 'https://www.youtube.com/watch?v=1' })
    await drawBox(eve.page, 520, 300)
    await expect.poll(async () => (await drawn(ann.page)).length).toBe(3)
    expect((await drawn(ann.page)).map(({ type }) => type)).not.toContain('embeddable')
    const box = await ann.page.locator('.board-view canvas.interactive').boundingBox()
    await ann.page.mouse.click((box?.x ?? 0) + 320, (box?.y ?? 0) + 160)
    await ann.page.mouse.click((box?.x ?? 0) + 320, (box?.y ?? 0) + 310)
    for (const { page } of [ann, eve]) {
      expect(await page.evaluate(() => Reflect.get(globalThis, 'harmed'))).toBeUndefined()
      expect(await page.locator('iframe').count()).toBe(0)
      expect(page.context().pages()).toHaveLength(1)
    }
  })

  it('reads nothing of an encrypted meeting’s board, on the server or with another link', async () => {
    const tapSocket = `
      globalThis.said = []
      const send = WebSocket.prototype.send
      WebSocket.prototype.send = function (data) { said.push(String(data)); return send.call(this, data) }
    `
    const whole = `sealed#e2ee=${'x'.repeat(22)}`
    const ann = await come('Ann', whole, { initScript: boardScripts + tapSocket })
    const bob = await come('Bob', whole)
    await Promise.all([open(ann), open(bob)])
    await drawBox(ann.page, 320, 150)
    await alike([ann.page, bob.page], 1)
    const said = await ann.page.evaluate(() => (Reflect.get(globalThis, 'said') as string[]).join('\n'))
    expect(said).toContain('board.put')
    expect(said).toContain('"value":"e1.')
    expect(said).not.toContain('rectangle')
    const eve = await come('Eve', `sealed#e2ee=${'y'.repeat(22)}`)
    await open(eve)
    await eve.page.getByText('Some of the whiteboard cannot be read').waitFor()
    expect(await drawn(eve.page)).toEqual([])
    await ann.page.getByRole('button', { name: 'About this whiteboard' }).click()
    await ann.page.getByText('The server keeps what it cannot read').waitFor()
  })
})

describe('on the screen', () => {
  afterEach(() => stage.clear())

  it('lies beside the pictures, in their place or above them, and its keys are its own', async () => {
    const ann = await come('Ann', 'places')
    await open(ann)
    const { page } = ann
    const place = page.locator('[data-board]')
    const tiles = page.getByRole('region', { name: 'Pictures of the participants' })
    expect([await place.getAttribute('data-board'), await tiles.isVisible()]).toEqual(['split', true])
    await page.getByRole('button', { name: 'In place of the pictures' }).click()
    await expect.poll(() => tiles.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Floating above the pictures' }).click()
    await expect.poll(() => tiles.isVisible()).toBe(true)
    await drawBox(page, 320, 120)
    // On the board, R draws a rectangle, and M mutes as everywhere.
    await page.keyboard.press('r')
    await page.keyboard.press('m')
    await page.getByRole('button', { name: 'Mute microphone', pressed: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Raise hand', pressed: true }).count()).toBe(0)
    await page.keyboard.press('b')
    await expect.poll(() => place.getAttribute('data-board')).toBe('closed')
    await page.keyboard.press('b')
    expect(await drawn(page)).toHaveLength(1)
    // Closing it has lost no step of undo.
    await page.locator('.board-view canvas.interactive').click({ position: { x: 20, y: 200 } })
    await page.keyboard.press('Control+z')
    await expect.poll(async () => (await drawn(page)).length).toBe(0)
  })

  it('fills a phone but for the bar, in Chinese and in the dark', async () => {
    const options = {
      // Without devices, the button to join says something else in Chinese.
      initScript: findDrawing,
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
      locale: 'zh-CN',
    } as const
    const ann = await come('安', 'phone', options)
    await open(ann)
    const { page } = ann
    await page.getByRole('button', { name: '离开' }).waitFor()
    await page.getByRole('heading', { name: '白板' }).waitFor()
    expect(await page.locator('.board-view .excalidraw.theme--dark').count()).toBe(1)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: '关闭白板' }).click()
    await expect.poll(() => page.locator('.board-view').isVisible()).toBe(false)
  })
})
