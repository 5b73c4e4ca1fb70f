import { createLoop, type Loop } from '@parley/udp'
import { afterEach, expect, test } from 'vitest'
import { PipeSocket } from './pipe-socket.ts'

const address = '127.0.0.1'
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close()
})

interface Heard {
  readonly from: number
  readonly text: string
}

function open(kind: Loop['kind']) {
  const loop = createLoop({ onError: error => expect.unreachable(String(error)) }, kind)
  closing.push(() => loop.close())
  const heard: Heard[] = []
  const receive = (from: number, bytes: Uint8Array, start: number, end: number) => {
    heard.push({ from, text: Buffer.from(bytes.subarray(start, end)).toString() })
  }
  const socket = new PipeSocket({ loop, address, receive })
  loop.attach({ nextTimeout: () => Number.POSITIVE_INFINITY, handleTimeout() {} })
  const say = (to: number, text: string) => {
    const at = socket.reserve(text.length)
    socket.outgoing.set(Buffer.from(text), at)
    const sent = socket.send(to, at, at + text.length)
    loop.poke()
    return sent
  }
  return { socket, heard, say }
}

test.each(['batched', 'portable'] as const)(
  'over a %s loop: each hears who it was, and of strangers that they are',
  async kind => {
    const routers = [open(kind), open(kind), open(kind)] as const
    const [one, other, stranger] = routers
    expect(one.say(1, 'too early')).toBe(false)
    const ports = routers.map(({ socket }) => socket.port)
    one.socket.connect(ports.slice(0, 2))
    other.socket.connect(ports.slice(0, 2))
    stranger.socket.connect(ports)
    expect(one.say(1, 'hello')).toBe(true)
    expect(other.say(0, 'good day')).toBe(true)
    await expect
      .poll(() => [one.heard, other.heard])
      .toEqual([[{ from: 1, text: 'good day' }], [{ from: 0, text: 'hello' }]])
    expect(stranger.say(1, 'let me in')).toBe(true)
    await expect.poll(() => other.heard.at(-1)).toEqual({ from: -1, text: 'let me in' })
    expect(one.say(2, 'whoever you are')).toBe(false)
    one.socket.close()
    one.socket.close()
  },
)
