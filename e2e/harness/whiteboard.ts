import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** An element as the tests look at it. */
export interface Element {
  readonly id: string
  readonly type: string
  readonly x: number
  readonly version: number
  readonly strokeColor: string
  readonly link: string | null
  readonly text?: string
}

/** The part of Excalidraw that the tests use. */
interface App {
  readonly scene: { getNonDeletedElements(): readonly Element[] }
  readonly files: Readonly<Record<string, { readonly mimeType: string; readonly dataURL: string } | undefined>>
  readonly state: {
    readonly collaborators: ReadonlyMap<string, { readonly username: string; readonly pointer: { readonly x: number } }>
  }
  updateScene(scene: { readonly elements: readonly object[] }): void
}

/** Finds the program that draws on a page: the component around its canvas. To be run in every page before its scripts. */
export const findDrawing = `
  globalThis.drawing = () => {
    const element = document.querySelector('.board-view .excalidraw')
    let fiber = element && element[Object.keys(element).find(key => key.startsWith('__reactFiber'))]
    while (fiber && !fiber.stateNode?.scene) fiber = fiber.return
    return fiber?.stateNode
  }
`

/** Nobody is seen or heard: pictures and sound would cost the machine more than all that is drawn. */
export const withoutDevices = `
  if (navigator.mediaDevices) {
    navigator.mediaDevices.enumerateDevices = async () => []
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException('There is none.', 'NotFoundError')
    }
  }
`

/** Keeps what was told in passing, so that nobody has to look at the right moment. */
export const keepNotes = `
  globalThis.notes = []
  addEventListener('DOMContentLoaded', () => {
    const look = changes => {
      for (const { addedNodes } of changes) for (const node of addedNodes) notes.push(node.textContent)
    }
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
  })
`

/** Waits until somebody has been told this, at any time since the page was opened. */
export async function isTold(page: Page, what: string): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => (Reflect.get(globalThis, 'notes') as string[]).join('\n')))
    .toContain(what)
}

declare const drawing: () => App | undefined

/** What is drawn on the whiteboard as a page has it, by id. */
export const drawn = (page: Page): Promise<readonly Element[]> =>
  page.evaluate(() =>
    (drawing()?.scene.getNonDeletedElements() ?? [])
      .map(({ id, type, x, version, strokeColor, link, text }) => ({
        ...{ id, type, x: Math.round(x), version, strokeColor, link },
        ...(text !== undefined && { text }),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  )

/** The pictures that a page has for its whiteboard: types and sizes. */
export const pictures = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    Object.values(drawing()?.files ?? {})
      .map(file => `${file?.mimeType} ${file?.dataURL.length}`)
      .sort(),
  )

/** Who points somewhere, as a page knows it. */
export const cursors = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => [...(drawing()?.state.collaborators.values() ?? [])].map(({ username }) => username).sort())

/** Waits until all pages show the same, so many things, and returns it. */
export async function alike(pages: readonly Page[], things: number): Promise<readonly Element[]> {
  await expect
    .poll(async () => {
      const [first, ...others] = await Promise.all(pages.map(async page => JSON.stringify(await drawn(page))))
      return others.every(other => other === first) ? JSON.parse(first ?? '[]').length : 'not alike'
    })
    .toBe(things)
  return drawn(pages[0] as Page)
}

/** The whiteboard has been fetched and read. */
export async function boardIsOpen(page: Page): Promise<void> {
  await page.locator('.board-view canvas.interactive').waitFor()
  await expect.poll(() => page.evaluate(() => drawing() !== undefined)).toBe(true)
}

/** Draws a rectangle with the mouse, its corner so far from that of the whiteboard. */
export async function drawBox(page: Page, x: number, y: number): Promise<void> {
  await page.locator('.board-view label:has([data-testid="toolbar-rectangle"])').click()
  const canvas = await page.locator('.board-view canvas.interactive').boundingBox()
  const [left, top] = [(canvas?.x ?? 0) + x, (canvas?.y ?? 0) + y]
  await page.mouse.move(left, top)
  await page.mouse.down()
  await page.mouse.move(left + 40, top + 20)
  await page.mouse.move(left + 80, top + 50)
  await page.mouse.up()
}

/** Changes what is drawn on a page, as if by hand. */
export const change = (page: Page, id: string, changes: object): Promise<void> =>
  page.evaluate(
    ([id, changes]) => {
      const app = drawing()
      const elements = app?.scene.getNonDeletedElements() ?? []
      app?.updateScene({
        elements: elements.map(element =>
          element.id === id
            ? {
                ...element,
                ...changes,
                version: element.version + 1,
                versionNonce: Math.floor(Math.random() * 2 ** 31),
              }
            : element,
        ),
      })
    },
    [id, changes] as const,
  )
