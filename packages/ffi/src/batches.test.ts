import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Arena } from './arena.ts'
import { errorName } from './errors.ts'
import { ReceiveBatch } from './receive-batch.ts'
import { SendBatch } from './send-batch.ts'
import { AF_INET, bindName, getOption, kernelDrops, localName, openUdp, setOption } from './socket.ts'

const receiveShape = { slots: 8, maxBytes: 100, headroom: 16, tailroom: 16 }
const sendShape = { messages: 8, parts: 16 }

let arena: Arena
let inbox: ReceiveBatch
let outbox: SendBatch
let payload: number
const text = new TextEncoder()

beforeEach(() => {
  arena = new Arena(ReceiveBatch.bytes(receiveShape) + SendBatch.bytes(sendShape) + 4096)
  inbox = new ReceiveBatch(arena, receiveShape)
  outbox = new SendBatch(arena, sendShape)
  payload = arena.allocate(2048)
})

afterEach(() => {
  inbox.close()
  outbox.close()
  arena.close()
})

function loopbackSocket() {
  const fd = openUdp(4)
  bindName(fd, Int32Array.of(AF_INET, 0x0100007f))
  return { fd, name: localName(fd) }
}

function write(content: string): { offset: number; length: number } {
  const bytes = text.encode(content)
  new Uint8Array(arena.buffer, payload, bytes.length).set(bytes)
  return { offset: payload, length: bytes.length }
}

function address(message: number, name: Int32Array) {
  outbox.names.set(name, message * 8)
}

function received(slot: number): string {
  const { headroom } = receiveShape
  return new TextDecoder().decode(inbox.slots[slot]?.subarray(headroom, headroom + inbox.length(slot)))
}

describe('batches', () => {
  test('carry several datagrams each way with one call, in order, with their sender', () => {
    const { fd, name } = loopbackSocket()
    const { offset } = write('abcdef')
    for (let i = 0; i < 5; i++) {
      address(i, name)
      outbox.part(offset + i, 2)
      outbox.message(0)
    }
    expect(outbox.transmit(fd, 0)).toBe(5)
    expect(inbox.receive(fd, 0, 3)).toBe(3)
    expect(inbox.receive(fd, 3, 5)).toBe(2)
    expect([0, 1, 2, 3, 4].map(received)).toEqual(['ab', 'bc', 'cd', 'de', 'ef'])
    expect(inbox.names.subarray(32, 40)).toEqual(name)
    expect(inbox.receive(fd, 0, 8)).toBe(0)
    fd.close()
  })

  test('have the kernel cut one message into datagrams of equal size', () => {
    const { fd, name } = loopbackSocket()
    const { offset, length } = write('aaabbbcc')
    address(0, name)
    outbox.part(offset, 3)
    outbox.part(offset + 3, length - 3)
    outbox.message(3)
    expect(outbox.transmit(fd, 0)).toBe(1)
    expect(inbox.receive(fd, 0, 8)).toBe(3)
    expect([0, 1, 2].map(received)).toEqual(['aaa', 'bbb', 'cc'])
    fd.close()
  })

  test('tell a datagram that was too large, and leave head- and tailroom alone', () => {
    const { fd, name } = loopbackSocket()
    address(0, name)
    outbox.part(payload, 101)
    outbox.message(0)
    address(1, name)
    outbox.part(payload, 100)
    outbox.message(0)
    new Uint8Array(arena.buffer, payload, 101).fill(9)
    expect(outbox.transmit(fd, 0)).toBe(2)
    expect(inbox.receive(fd, 0, 8)).toBe(2)
    expect([inbox.truncated(0), inbox.truncated(1)]).toEqual([true, false])
    expect(inbox.slots[0]?.subarray(116).some(byte => byte !== 0)).toBe(false)
    expect(inbox.slots[0]?.subarray(0, 16).some(byte => byte !== 0)).toBe(false)
    fd.close()
  })

  test('return the errno of a message that cannot go, and send those before it', () => {
    const { fd, name } = loopbackSocket()
    address(0, name)
    outbox.part(payload, 10)
    outbox.message(0)
    address(1, Int32Array.of(99, 0, 0, 0, 0, 0, 0, 0))
    outbox.part(payload, 10)
    outbox.message(0)
    expect(outbox.transmit(fd, 0)).toBe(1)
    expect(errorName(-outbox.transmit(fd, 1))).toBe('EAFNOSUPPORT')
    fd.close()
  })

  test('refuse what lies outside', () => {
    const { fd, name } = loopbackSocket()
    for (const [offset, length] of [
      [-1, 4],
      [arena.size - 3, 4],
      [Number.NaN, 4],
      [0.5, 4],
      [0, 0.5],
      [0, Number.POSITIVE_INFINITY],
      [0, -4],
    ] as const) {
      expect(() => outbox.part(offset, length)).toThrow(RangeError)
      outbox.clear()
    }
    address(0, name)
    expect(() => outbox.message(Number.NaN)).toThrow(RangeError)
    expect(() => outbox.message(65_536)).toThrow(RangeError)
    expect(() => outbox.transmit(fd, 0)).toThrow(RangeError)
    for (let i = 0; i < 16; i++) outbox.part(0, 1)
    expect(() => outbox.part(0, 1)).toThrow(RangeError)
    expect(() => inbox.receive(fd, 0, 9)).toThrow(RangeError)
    expect(() => inbox.receive(fd, 8, 1)).toThrow(RangeError)
    expect(() => inbox.receive(fd, Number.NaN, 1)).toThrow(RangeError)
    expect(() => inbox.receive(fd, 0, 0.5)).toThrow(RangeError)
    fd.close()
    expect(() => inbox.receive(fd, 0, 1)).toThrow('closed descriptor')
  })

  test('cannot be used once closed', () => {
    const { fd } = loopbackSocket()
    inbox.close()
    outbox.close()
    outbox.part(0, 1)
    outbox.message(0)
    expect(() => inbox.receive(fd, 0, 1)).toThrow('closed')
    expect(() => outbox.transmit(fd, 0)).toThrow('closed')
    fd.close()
  })
})

describe('sockets', () => {
  test('count what the kernel had no room for', () => {
    const { fd, name } = loopbackSocket()
    setOption(fd, 'receiveBuffer', 1)
    expect(getOption(fd, 'receiveBuffer')).toBeGreaterThan(1)
    let sent = 0
    for (let round = 0; round < 20; round++) {
      outbox.clear()
      for (let i = 0; i < 8; i++) {
        address(i, name)
        outbox.part(payload, 100)
        outbox.message(0)
      }
      sent += outbox.transmit(fd, 0)
    }
    let got = 0
    for (let n = inbox.receive(fd, 0, 8); n > 0; n = inbox.receive(fd, 0, 8)) got += n
    expect(sent).toBe(160)
    expect(got).toBeLessThan(160)
    expect(kernelDrops(fd)).toBe(160 - got)
    fd.close()
  })

  test('say which address is in use', () => {
    const { fd, name } = loopbackSocket()
    const other = openUdp(4)
    expect(() => bindName(other, name)).toThrow(expect.objectContaining({ code: 'EADDRINUSE', syscall: 'bind' }))
    fd.close()
    bindName(other, name)
    other.close()
  })
})
