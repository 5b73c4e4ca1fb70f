import { limits } from '@parley/protocol'
import { expect, test } from 'vitest'
import { ChatLog } from './chat-log.ts'

const from = { id: 's', identity: 'ann', name: 'Ann' }
const message = (i: number) => ({ id: `${i}`, room: 'x', from, text: `${i}`, at: i })
const wanted = (end: number) =>
  Array.from({ length: Math.min(end, limits.chatHistory) }, (_, i) => end - Math.min(end, limits.chatHistory) + i)

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
