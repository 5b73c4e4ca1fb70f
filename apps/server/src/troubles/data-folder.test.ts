import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadTokenKey, tokenKeyFile } from '../tokens/key.ts'
import { writeWhole, writeWholeOnce } from '../whole-file.ts'
import { checkDataFolder, dataFolder, diskTrouble } from './data-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('a folder that can be written is good, and nothing stays of the trial', () => {
  expect(checkDataFolder(folder)).toMatchObject({ check: 'data folder', result: expect.not.stringMatching('bad') })
  expect(readdirSync(folder)).toEqual([])
})

it('what is wrong with a disk is said in words, with a remedy', () => {
  const said = (code: string) => diskTrouble(Object.assign(new Error(`${code}: as libuv says it`), { code }))
  expect(said('ENOSPC')).toEqual(['the disk is full', expect.stringContaining('df -h')])
  expect(said('EROFS')[0]).toBe('the disk is mounted read-only')
  expect(said('EIO')[0]).toContain('as libuv says it')
  writeFileSync(join(folder, 'file'), '')
  expect(() => dataFolder(join(folder, 'file'))).toThrow(
    /--data-dir .*file cannot be made: there is a file of this name/,
  )
})

it('an empty key, as a full disk leaves it, is made anew; one that is there stays', () => {
  writeFileSync(tokenKeyFile(folder), '')
  const key = loadTokenKey(folder)
  expect(key.length).toBeGreaterThan(32)
  expect(loadTokenKey(folder)).toEqual(key)
  expect(readdirSync(folder)).toEqual(['token.key'])
})

it('a file is written at once or not at all', () => {
  const file = join(folder, 'deep', 'file')
  writeWhole(file, 'one', 0o600)
  expect(writeWholeOnce(file, 'two', 0o600)).toBe(false)
  expect(readFileSync(file, 'utf8')).toBe('one')
  writeWhole(file, 'three', 0o600)
  expect(readFileSync(file, 'utf8')).toBe('three')
  expect(readdirSync(join(folder, 'deep'))).toEqual(['file'])
})
