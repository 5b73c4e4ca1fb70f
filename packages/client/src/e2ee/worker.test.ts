import type { SenderKey } from '@parley/sframe'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EncodedFrame, FromWorker, ToWorker, TransformOptions } from './worker-messages.ts'

const key: SenderKey = { generation: 0, step: 0, baseKey: new Uint8Array(16).fill(1) }
/** Of which the first ten bytes are copied in front, for packetizers. */
const picture = [0x10, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const inside = picture.slice(10).join()

function frame(): EncodedFrame {
  return { type: 'key', data: Uint8Array.from(picture).buffer, getMetadata: () => ({ mimeType: 'video/VP8' }) }
}

/** Where frames go in, and come out again. */
function ends(options: TransformOptions) {
  const [before, after] = [new TransformStream<EncodedFrame>(), new TransformStream<EncodedFrame>()]
  const writer = before.writable.getWriter()
  const reader = after.readable.getReader()
  return {
    transformer: { options, readable: before.readable, writable: after.writable, sendKeyFrameRequest },
    put: (one: EncodedFrame) => void writer.write(one),
    next: async () => [...new Uint8Array((await reader.read()).value?.data ?? new ArrayBuffer(0))],
    end: () => writer.close(),
    ended: async () => (await reader.read()).done,
  }
}

let told: FromWorker[]
let heard: () => void
let asked: number
const sendKeyFrameRequest = async () => {
  asked++
}
const scope = globalThis as unknown as {
  onmessage: (event: { data: ToWorker }) => void
  onrtctransform: (event: { transformer: unknown }) => void
}

/** The worker's script, in a scope of its own. */
beforeEach(async () => {
  told = []
  heard = () => {}
  asked = 0
  vi.stubGlobal('postMessage', (message: FromWorker) => {
    told.push(message)
    heard()
  })
  for (const handler of ['onmessage', 'onrtctransform']) vi.stubGlobal(handler, null)
  vi.resetModules()
  await import('./worker.ts')
})
afterEach(() => vi.unstubAllGlobals())

const tell = (data: ToWorker) => scope.onmessage({ data })
/** Resolves with the first that the worker said, or says, of that type. */
async function said<T extends FromWorker['type']>(type: T) {
  for (;;) {
    const found = told.find(message => message.type === type)
    if (found) return found
    await new Promise<void>(resolve => {
      heard = resolve
    })
  }
}

test('frames leave encrypted, and come out as they were for who has the key and knows whose they are', async () => {
  const [sender, receiver] = [ends({ side: 'send', id: 1 }), ends({ side: 'receive', id: 2 })]
  tell({ type: 'use', key })
  tell({ type: 'learned', participant: 'ann', key, restarted: false })
  // The transform, and whose frames it brings, may be known in either order.
  tell({ type: 'assign', id: 2, participant: 'ann' })
  scope.onrtctransform({ transformer: sender.transformer })
  scope.onrtctransform({ transformer: receiver.transformer })
  sender.put(frame())
  const encrypted = await sender.next()
  expect(encrypted.join()).not.toContain(inside)
  receiver.put({ ...frame(), data: Uint8Array.from(encrypted).buffer })
  expect(await receiver.next()).toEqual(picture)
  expect(told).toEqual([{ type: 'reading', id: 2, participant: 'ann', reading: 'readable' }])
})

test('streams that the page hands over are treated alike', async () => {
  const { transformer, put, next } = ends({ side: 'send', id: 1 })
  const { options, readable, writable } = transformer
  tell({ type: 'frames', options, readable, writable })
  tell({ type: 'use', key })
  put(frame())
  expect((await next()).join()).not.toContain(inside)
})

test('what is not encrypted does not come out, is counted, and is said; a key frame is asked for', async () => {
  const receiver = ends({ side: 'receive', id: 2 })
  tell({ type: 'learned', participant: 'ann', key, restarted: false })
  tell({ type: 'assign', id: 2, participant: 'ann' })
  scope.onrtctransform({ transformer: receiver.transformer })
  for (let i = 0; i < 10; i++) receiver.put(frame())
  expect(await said('undecrypted')).toEqual({ type: 'undecrypted', participant: 'ann', frames: 1 })
  expect(await said('reading')).toEqual({ type: 'reading', id: 2, participant: 'ann', reading: 'plain' })
  await receiver.end()
  expect(await receiver.ended()).toBe(true)
})

test('after frames that were left out, a picture goes on with a key frame, which is asked for', async () => {
  const [sender, receiver] = [ends({ side: 'send', id: 1 }), ends({ side: 'receive', id: 2 })]
  tell({ type: 'use', key })
  tell({ type: 'learned', participant: 'ann', key, restarted: false })
  tell({ type: 'assign', id: 2, participant: 'ann' })
  for (const { transformer } of [sender, receiver]) scope.onrtctransform({ transformer })
  for (const type of ['delta', 'key'] as const) {
    sender.put({ ...frame(), type })
    receiver.put({ ...frame(), type, data: Uint8Array.from(await sender.next()).buffer })
  }
  expect(await receiver.next()).toEqual(picture)
  expect(asked).toBe(1)
})

test('whose key is forgotten cannot be read any more', async () => {
  const [sender, receiver] = [ends({ side: 'send', id: 1 }), ends({ side: 'receive', id: 2 })]
  tell({ type: 'use', key })
  tell({ type: 'learned', participant: 'ann', key, restarted: false })
  tell({ type: 'assign', id: 2, participant: 'ann' })
  tell({ type: 'forget', participant: 'ann' })
  for (const { transformer } of [sender, receiver]) scope.onrtctransform({ transformer })
  sender.put(frame())
  receiver.put({ ...frame(), data: Uint8Array.from(await sender.next()).buffer })
  expect(await said('undecrypted')).toEqual({ type: 'undecrypted', participant: 'ann', frames: 1 })
})
