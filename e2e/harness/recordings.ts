import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Chooses an item of the meeting's “More”. */
export async function more(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

/** Starts a recording, and waits until it runs. */
export async function startRecording(page: Page, mode: 'The whole meeting' | 'Separate tracks'): Promise<void> {
  await more(page, 'Record…')
  await page.getByRole('radio', { name: mode }).check()
  await page.getByRole('button', { name: 'Start recording' }).click()
  await badge(page, 'You are recording').waitFor()
}

/** What everybody sees in the header while somebody records. */
export function badge(page: Page, who: string) {
  return page.getByRole('button', { name: new RegExp(`^Recording, .*: ${who}$`) })
}

/** Waits until a recording that runs is so old. */
export async function untilRecorded(page: Page, seconds: number): Promise<void> {
  await expect
    .poll(async () => {
      const [, minutes, rest] = /(\d+):(\d+)/.exec((await badge(page, '.*').getAttribute('aria-label')) ?? '') ?? []
      return Number(minutes) * 60 + Number(rest)
    })
    .toBeGreaterThanOrEqual(seconds)
}

/** A file of a recording, as it lies in the browser's private file system. */
interface KeptFile {
  readonly path: string
  readonly bytes: number
}

/** The only recording that a browser keeps: its journal and its files. Undefined if there is none. */
export function keptRecording(page: Page) {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const all = await root.getDirectoryHandle('parley-recordings', { create: true })
    for await (const [id, folder] of all.entries()) {
      if (folder.kind !== 'directory') continue
      const files: KeptFile[] = []
      for await (const [path, file] of (folder as FileSystemDirectoryHandle).entries())
        if (file.kind === 'file') files.push({ path, bytes: (await (file as FileSystemFileHandle).getFile()).size })
      const note = await (await (folder as FileSystemDirectoryHandle).getFileHandle('journal.json')).getFile()
      const [line = ''] = (await note.text()).split('\n')
      return { id, files, journal: JSON.parse(line) as { readonly elapsedMs: number; readonly finished: boolean } }
    }
    return undefined
  })
}

/** Presses a button that downloads something; resolves with where it lies and what it is called. */
export async function download(page: Page, press: () => Promise<unknown>, folder: string) {
  const [saved] = await Promise.all([page.waitForEvent('download'), press()])
  const name = saved.suggestedFilename()
  const path = join(folder, name)
  await saved.saveAs(path)
  return { name, path }
}

/** Saves what the page's private file system has of a file, for programs that look into it. */
export async function takeOut(page: Page, id: string, path: string, folder: string): Promise<string> {
  const text = await page.evaluate(
    async ([recording, name]) => {
      const root = await navigator.storage.getDirectory()
      const all = await root.getDirectoryHandle('parley-recordings')
      const file = await (await (await all.getDirectoryHandle(recording)).getFileHandle(name)).getFile()
      const bytes = new Uint8Array(await file.arrayBuffer())
      let binary = ''
      for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
      return btoa(binary)
    },
    [id, path] as const,
  )
  const out = join(folder, `${id}-${path}`)
  await writeFile(out, Buffer.from(text, 'base64'))
  return out
}
