import type { ChatMessage } from '@parley/protocol'
import { describe, expect, it } from 'vitest'
import { message } from '../testing/states.ts'
import { Outbox, type Pending, stillUnsent } from './outbox.ts'

function outbox() {
  const deliveries: { text: string; resolve: () => void; reject: () => void }[] = []
  const box = new Outbox({
    send: text =>
      new Promise<ChatMessage>((resolve, reject) => {
        deliveries.push({
          text,
          resolve: () => resolve(message('m', 'me', text, 0)),
          reject: () => reject(new Error('no network')),
        })
      }),
    now: () => 1000,
    changed: () => {},
  })
  return { box, deliveries }
}

describe('Outbox', () => {
  it('holds a message until it is delivered', async () => {
    const { box, deliveries } = outbox()
    const sent = box.send('  hello ')
    expect(box.pending).toMatchObject([{ text: 'hello', status: 'sending' }])
    deliveries[0]?.resolve()
    await sent
    expect(box.pending).toEqual([])
  })

  it('keeps what failed, and sends it again when asked', async () => {
    const { box, deliveries } = outbox()
    const sent = box.send('hello')
    deliveries[0]?.reject()
    await sent
    const [failed] = box.pending
    expect(failed?.status).toBe('failed')
    const again = box.retry(failed?.id ?? '')
    await box.retry(failed?.id ?? '')
    expect(deliveries.map(each => each.text)).toEqual(['hello', 'hello'])
    deliveries[1]?.resolve()
    await again
    expect(box.pending).toEqual([])
  })

  it('throws away on request, and sends no blanks', async () => {
    const { box, deliveries } = outbox()
    await box.send('   \n ')
    expect(deliveries).toEqual([])
    const sent = box.send('x')
    deliveries[0]?.reject()
    await sent
    box.discard(box.pending[0]?.id ?? '')
    expect(box.pending).toEqual([])
  })
})

describe('stillUnsent', () => {
  const pending = (id: string, text: string, status: Pending['status'] = 'sending'): Pending => ({
    id,
    text,
    at: 10_000,
    status,
  })

  it('hides a message that came back before its confirmation, each only once', () => {
    const two = [pending('1', 'ok'), pending('2', 'ok')]
    expect(stillUnsent(two, [message('m', 'me', 'ok', 10_100)], 'me')).toEqual([two[1]])
  })

  it('does not mistake an old message, or another person’s, for it', () => {
    const one = [pending('1', 'ok')]
    expect(stillUnsent(one, [message('m', 'me', 'ok', 1000), message('n', 'ann', 'ok', 10_100)], 'me')).toEqual(one)
  })

  it('always shows what failed', () => {
    const one = [pending('1', 'ok', 'failed')]
    expect(stillUnsent(one, [message('m', 'me', 'ok', 10_100)], 'me')).toEqual(one)
  })
})
