import { limits } from '@parley/protocol'
import { expect, test } from 'vitest'
import { ChatLog } from './chat-log.ts'

const from = { id: 's', identity: 'ann', name: 'Ann' }
const message = (i: number) => ({ id: `${i}`, room: 'x', from, text: `${i}`, at: i })
const wanted = (end: number) =>
  Array.from({ length: Math.min(end, limits.chatHistory) }, (_, i) => end - Math.min(end, limits.chatHistory) + i)

test('is bounded in bytes too, and lets go of what it held', () => {
  const log = new ChatLog()
  let held = 0
  const hold = (bytes: number) => {
    held += bytes
    return {
      release() {
        held -= bytes
      },
    }
  }
  const long = '語'.repeat(4000)
  for (let i = 0; i < 500; i++) expect(log.add({ ...message(i), text: long }, hold)).toBe(true)
  expect(log.bytes).toBeLessThanOrEqual(1024 * 1024)
  expect(held).toBe(log.bytes)
  expect(Buffer.byteLength(JSON.stringify(log.recent()))).toBeLessThan(256 * 1024)
  expect(log.recent().at(-1)?.id).toBe('499')
  expect(log.add(message(500), () => undefined)).toBe(false)
  expect(log.find('ann', '500')).toBeUndefined()
  log.close()
  expect([held, log.bytes, log.recent()]).toEqual([0, 0, []])
})

test('shows the last messages in order and remembers the last thousand, however many there are', () => {
  const log = new ChatLog()
  for (let i = 0; i < 2500; i++) {
    log.add(message(i))
    if (i % 97 === 0) expect(log.recent().map(({ at }) => at)).toEqual(wanted(i + 1))
  }
  expect(log.find('ann', '1499')).toBeUndefined()
  expect(log.find('ann', '1500')).toEqual(message(1500))
  expect(log.find('ann', '2499')).toEqual(message(2499))
  expect(log.find('bob', '2499')).toBeUndefined()
})
