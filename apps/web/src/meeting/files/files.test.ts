import type { FileState, FileTransfer } from '@parley/client'
import { describe, expect, it } from 'vitest'
import { fileSize, timeLeft } from './amounts.ts'
import { actionsFor } from './file-actions.ts'
import { fileGroups, offersOf } from './file-groups.ts'

describe('amounts', () => {
  it.each([
    [0, '0 bytes', '0字节'],
    [999, '999 bytes', '999字节'],
    [1000, '1 kB', '1 kB'],
    [99_960, '100 kB', '100 kB'],
    [3_400_000, '3.4 MB', '3.4 MB'],
    [999_900, '1 MB', '1 MB'],
    [1_000_000_000_000_000, '1,000 TB', '1,000 TB'],
  ])('%i bytes are %s', (bytes, english, chinese) => {
    expect(fileSize(bytes, 'en')).toBe(english)
    expect(fileSize(bytes, 'zh-CN')).toBe(chinese)
  })

  it.each([
    [0, '5 sec'],
    [7, '10 sec'],
    [56, '1 min'],
    [61, '2 min'],
    [3500, '1 hr'],
    [5000, '1.4 hr'],
  ])('%i seconds are %s', (seconds, text) => expect(timeLeft(seconds, 'en')).toBe(text))
})

function transfer(over: Partial<FileTransfer>): FileTransfer {
  return {
    key: 'k',
    file: 'f',
    direction: 'outgoing',
    participant: 'bob',
    identity: 'bob',
    person: 'Bob',
    name: 'plan.pdf',
    size: 1000,
    type: '',
    bytes: 0,
    state: { status: 'offered' },
    ...over,
  }
}

describe('the list', () => {
  it('has one entry for a file that goes to several, the newest first, and offers before all others', () => {
    const groups = fileGroups([
      transfer({ key: '1', file: 'old', direction: 'incoming' }),
      transfer({ key: '2', file: 'a' }),
      transfer({ key: '3', file: 'a', identity: 'cho' }),
      transfer({ key: '4', file: 'b' }),
    ])
    expect(groups.map(({ file, transfers }) => [file, transfers.length])).toEqual([
      ['old', 1],
      ['b', 1],
      ['a', 2],
    ])
  })

  it('counts what waits for our answer', () => {
    const done: FileState = { status: 'done', sha256: '' }
    const incoming = { direction: 'incoming' } as const
    expect(offersOf([transfer(incoming), transfer({ ...incoming, state: done }), transfer({})])).toBe(1)
  })
})

describe('what can be done', () => {
  const error = { code: 'file-corrupted', message: '', remedy: '', name: '' } as const
  it.each<[FileState, string, string]>([
    [{ status: 'offered' }, 'accept decline', 'cancel'],
    [{ status: 'waiting' }, 'pause cancel', 'pause cancel'],
    [{ status: 'paused', by: 'us' }, 'resume cancel', 'resume cancel'],
    [{ status: 'paused', by: 'them' }, 'cancel', 'cancel'],
    [{ status: 'checking' }, 'cancel', 'cancel'],
    [{ status: 'done', sha256: '' }, 'save remove', 'remove'],
    [{ status: 'failed', error }, 'resume remove', 'resume remove'],
    [{ status: 'stopped', by: 'us', why: 'cancelled' }, 'remove', 'remove'],
  ])('%j: %s; of our own: %s', (state, incoming, outgoing) => {
    expect(actionsFor({ direction: 'incoming', state }).join(' ')).toBe(incoming)
    expect(actionsFor({ direction: 'outgoing', state }).join(' ')).toBe(outgoing)
  })
})
