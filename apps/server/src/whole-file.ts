import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemCode } from './failure.ts'

/** Writes a file, and its folder if need be, in one step: a crash or a full disk leaves the old file or the new one, never half. */
export function writeWhole(file: string, content: string, mode: number): void {
  const draft = writeDraft(file, content, mode)
  renameSync(draft, file)
}

/** As {@link writeWhole}, but leaves an existing file alone. Returns whether it was written. */
export function writeWholeOnce(file: string, content: string, mode: number): boolean {
  const draft = writeDraft(file, content, mode)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    // A file system without hard links.
    renameSync(draft, file)
    return true
  } finally {
    rmSync(draft, { force: true })
  }
}

function writeDraft(file: string, content: string, mode: number): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(draft, content, { mode })
    chmodSync(draft, mode)
    return draft
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
