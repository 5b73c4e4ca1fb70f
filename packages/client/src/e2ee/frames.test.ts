import type { SenderKey } from '@parley/sframe'
import { expect, test } from 'vitest'
import { FrameCryptor } from './frame-cryptor.ts'
import { Receiving } from './receiving.ts'
import type { EncodedFrame, Reading } from './worker-messages.ts'

const key: SenderKey = { generation: 0, step: 0, baseKey: new Uint8Array(16).fill(1) }

interface Made extends EncodedFrame {
  readonly type?: 'key' | 'delta'
}

function frame(type: 'key' | 'delta' | undefined, mimeType = 'video/VP8', bytes = [0x10, 2, 3, 4, 5, 6]): Made {
  const data = Uint8Array.from(bytes).buffer
  return { ...(type && { type }), data, getMetadata: () => ({ mimeType }) }
}

const bytesOf = ({ data }: EncodedFrame) => [...new Uint8Array(data)]

async function sender(own = key) {
  const cryptor = new FrameCryptor()
  cryptor.use(own)
  return async (type: 'key' | 'delta' | undefined, mimeType?: string, bytes?: number[]) => {
    const made = frame(type, mimeType, bytes)
    expect(await cryptor.encrypt(made)).toBe(true)
    return made
  }
}

function receiver() {
  const cryptor = new FrameCryptor()
  const told: [string, Reading][] = []
  const undecrypted: [string, number][] = []
  let asked = 0
  const receiving = new Receiving({
    cryptor,
    changed: (participant, reading) => told.push([participant, reading]),
    undecrypted: (participant, frames) => undecrypted.push([participant, frames]),
    wantKeyFrame: () => asked++,
  })
  return { cryptor, receiving, told, undecrypted, asked: () => asked }
}

/** Ann's frames arrive, and her key is known. */
function listening(known = key) {
  const made = receiver()
  made.cryptor.learned('ann', known, false)
  made.receiving.assign('ann')
  return made
}

test('frames wait for the key, and come out as they were', async () => {
  const cryptor = new FrameCryptor()
  const sent = frame('key')
  const encrypted = cryptor.encrypt(sent)
  cryptor.use(key)
  expect(await encrypted).toBe(true)
  expect(bytesOf(sent)).not.toEqual(bytesOf(frame('key')))
  const { receiving, told } = listening()
  expect(await receiving.accept(sent)).toBe(true)
  expect(bytesOf(sent)).toEqual(bytesOf(frame('key')))
  expect(told).toEqual([['ann', 'readable']])
})

test('every codec that is sent, and sound', async () => {
  const send = await sender()
  const { receiving } = listening()
  for (const [mimeType, bytes] of [
    ['video/VP8', [0x10, 2, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0, 1, 2]],
    ['video/VP9', [0x82, 0x49, 0x83]],
    ['video/H264', [0, 0, 0, 1, 0x65, 0xb8, 0, 4, 0, 0, 3]],
    ['video/AV1', [0x12, 0, 0x32, 2, 7, 8]],
  ] as const) {
    const made = await send('key', mimeType, [...bytes])
    expect(await receiving.accept(made)).toBe(true)
    expect(bytesOf(made)).toEqual(bytes)
  }
  const sound = await send(undefined, 'audio/opus', [0x78])
  expect(await receiving.accept(sound)).toBe(true)
  expect(bytesOf(sound)).toEqual([0x78])
})

test('what cannot be encrypted is not sent', async () => {
  const cryptor = new FrameCryptor()
  cryptor.use(key)
  expect(await cryptor.encrypt(frame('key', 'video/H265'))).toBe(false)
  expect(await cryptor.encrypt(frame('key', 'video/H264', [1, 2, 3]))).toBe(false)
  expect(await cryptor.encrypt({ ...frame('key'), getMetadata: () => ({}) })).toBe(false)
})

test('nothing passes that was not encrypted with their key, and it is said why', async () => {
  const send = await sender()
  const foreign = await sender({ ...key, baseKey: new Uint8Array(16).fill(2) })
  const cases: [Reading, ReturnType<typeof receiver>, () => Promise<EncodedFrame>][] = [
    ['plain', listening(), async () => frame('key')],
    ['foreign', listening(), () => foreign('key')],
    ['foreign', listening(), async () => frame('key', 'video/VP8', [0xff, 0, 0xc1])],
    ['no-key', listening({ ...key, generation: 4 }), () => send('key')],
    ['no-key', receiver(), () => send('key')],
  ]
  for (const [reading, { receiving, told }, next] of cases) {
    receiving.assign('ann')
    for (let i = 0; i < 9; i++) expect(await receiving.accept(await next())).toBe(false)
    expect(told).toEqual([])
    for (let i = 0; i < 3; i++) expect(await receiving.accept(await next())).toBe(false)
    expect(told).toEqual([['ann', reading]])
  }
})

test('frames that cannot be decrypted are counted, the first at once and then in steps; those that come twice are not', async () => {
  const send = await sender()
  const { receiving, undecrypted } = listening()
  const good = await send('key')
  const again = { ...good, data: good.data.slice(0) }
  await receiving.accept(good)
  await receiving.accept(again)
  expect(undecrypted).toEqual([])
  await receiving.accept(frame('key'))
  expect(undecrypted).toEqual([['ann', 1]])
  for (let i = 0; i < 51; i++) await receiving.accept(frame('delta'))
  expect(undecrypted).toEqual([
    ['ann', 1],
    ['ann', 25],
    ['ann', 25],
  ])
  receiving.assign('bob')
  await receiving.accept(frame('key'))
  expect(undecrypted.at(-1)).toEqual(['bob', 1])
})

test('a broken frame now and then says nothing', async () => {
  const send = await sender()
  const { receiving, told } = listening()
  for (let i = 0; i < 30; i++) {
    await receiving.accept(await send('key'))
    await receiving.accept(frame('delta'))
  }
  expect(told).toEqual([['ann', 'readable']])
})

test('a frame is played once, and sound not as a picture', async () => {
  const send = await sender()
  const { receiving } = listening()
  const sent = await send('key')
  const copy = { ...sent }
  const sound = await send(undefined)
  expect(await receiving.accept(sent)).toBe(true)
  expect(await receiving.accept(copy)).toBe(false)
  expect(await receiving.accept({ ...sound, type: 'key' })).toBe(false)
})

test('pictures go on with a key frame, which is asked for', async () => {
  const send = await sender()
  const { receiving, asked } = listening()
  expect(await receiving.accept(await send('delta'))).toBe(false)
  expect(asked()).toBe(1)
  for (let i = 0; i < 14; i++) await receiving.accept(await send('delta'))
  expect(asked()).toBe(1)
  await receiving.accept(await send('delta'))
  expect(asked()).toBe(2)
  expect(await receiving.accept(await send('key'))).toBe(true)
  expect(await receiving.accept(await send('delta'))).toBe(true)
  await receiving.accept(frame('delta'))
  expect(await receiving.accept(await send('delta'))).toBe(false)
  expect(asked()).toBe(3)
})

test('a receiver that has no owner plays nothing, and another owner’s key does not open it', async () => {
  const send = await sender()
  const { cryptor, receiving, told } = listening()
  cryptor.learned('ben', { ...key, baseKey: new Uint8Array(16).fill(9) }, false)
  receiving.assign(undefined)
  expect(await receiving.accept(await send('key'))).toBe(false)
  receiving.assign('ben')
  expect(await receiving.accept(await send('key'))).toBe(false)
  receiving.assign('ann')
  expect(await receiving.accept(await send('key'))).toBe(true)
  expect(told).toEqual([['ann', 'readable']])
})

test('who is forgotten has no key; after a restart only the new one counts', async () => {
  const send = await sender()
  const { cryptor, receiving } = listening()
  cryptor.learned('ann', { ...key, baseKey: new Uint8Array(16).fill(3) }, true)
  expect(await receiving.accept(await send('key'))).toBe(false)
  cryptor.learned('ann', key, true)
  expect(await receiving.accept(await send('key'))).toBe(true)
  cryptor.forget('ann')
  expect(await receiving.accept(await send('key'))).toBe(false)
})
