import { expect, it } from 'vitest'
import { formatBytes, recordingCode } from './words.ts'

it('says sizes as people do', () => {
  expect([0, 950, 24_300_000, 3_140_000_000].map(bytes => formatBytes(bytes, 'en'))).toEqual([
    '0 kB',
    '1 kB',
    '24 MB',
    '3.1 GB',
  ])
})

it('has words for every error', () => {
  expect(recordingCode({ code: 'disk-full' })).toBe('disk-full')
  expect(recordingCode({ code: 22 })).toBe('failed')
  expect(recordingCode(undefined)).toBe('failed')
})
