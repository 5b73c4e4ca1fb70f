import { Arena } from './arena.ts'
import { Epoll } from './epoll.ts'
import { libcMissing } from './libc.ts'
import { native } from './native.ts'
import { ReceiveBatch } from './receive-batch.ts'
import { SendBatch } from './send-batch.ts'
import { AF_INET, AF_INET6, bindName, localName, NAME_WORDS, openUdp } from './socket.ts'
import { Wake } from './wake.ts'

type Check = { readonly ok: true } | { readonly ok: false; readonly missing: readonly string[]; readonly why: string }

let sockets: Check | undefined

/** Whether batched sockets work in this process: looks the functions up, then sends a datagram to itself. Never throws. */
export function checkSockets(): Check {
  sockets ??= probeSockets()
  return sockets
}

function probeSockets(): Check {
  if (!native.ok) return { ok: false, missing: libcMissing, why: native.why }
  if (libcMissing.length > 0) {
    return { ok: false, missing: libcMissing, why: `this libc does not have ${libcMissing.join(', ')}` }
  }
  const errors: unknown[] = []
  for (const version of [4, 6] as const) {
    try {
      sendToSelf(version)
      return { ok: true }
    } catch (error) {
      errors.push(error)
    }
  }
  const reasons = errors.map(error => (error instanceof Error ? error.message : String(error)))
  return { ok: false, missing: [], why: `a datagram to itself did not arrive: ${reasons.join('; ')}` }
}

/** Sockaddrs of 127.0.0.1 and ::1, with any port. */
const loopback = {
  4: Int32Array.of(AF_INET, 0x0100007f, 0, 0, 0, 0, 0, 0),
  6: Int32Array.of(AF_INET6, 0, 0, 0, 0, 0x01000000, 0, 0),
}

/** Sends one datagram through every call that batched sockets make, so that a wrong layout shows here and not later. */
function sendToSelf(version: 4 | 6): void {
  const receiveShape = { slots: 2, maxBytes: 64, headroom: 0, tailroom: 0 }
  const sendShape = { messages: 1, parts: 2 }
  const opened: { close(): void }[] = []
  const keep = <T extends { close(): void }>(resource: T): T => {
    opened.push(resource)
    return resource
  }
  try {
    const arena = keep(new Arena(ReceiveBatch.bytes(receiveShape) + SendBatch.bytes(sendShape) + 64))
    const inbox = keep(new ReceiveBatch(arena, receiveShape))
    const outbox = keep(new SendBatch(arena, sendShape))
    const epoll = keep(new Epoll(2))
    const wake = keep(Wake.create())
    const socket = keep(openUdp(version))
    bindName(socket, loopback[version])
    const self = localName(socket)
    epoll.add(socket, 1)
    epoll.add(wake.fd, 2)
    wake.signal()
    expect('wake', epoll.wait(0) === 1 && epoll.token(0) === 2)
    wake.drain()

    const payload = arena.allocate(3)
    new Uint8Array(arena.buffer, payload, 3).set([1, 2, 3])
    outbox.names.set(self)
    outbox.part(payload, 1)
    outbox.part(payload + 1, 2)
    outbox.message(0)
    expect('sendmmsg', outbox.transmit(socket, 0) === 1)
    expect('epoll_wait', epoll.wait(1000) === 1 && epoll.token(0) === 1)
    expect('recvmmsg', inbox.receive(socket, 0, 2) === 1)
    expect('its payload', inbox.slots[0]?.subarray(0, inbox.length(0)).join() === '1,2,3' && !inbox.truncated(0))
    expect('its sender', inbox.names.subarray(0, NAME_WORDS).join() === self.join())
  } finally {
    for (const resource of opened.reverse()) resource.close()
  }
}

function expect(what: string, holds: boolean): void {
  if (!holds) throw new Error(`${what} did not do what it should`)
}
