import { openSync } from 'node:fs'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { Epoll } from './epoll.ts'
import { SystemError } from './errors.ts'
import { kernelDrops, openUdp, setOption } from './socket.ts'
import { Wake } from './wake.ts'

test('a closed descriptor throws wherever it is used, and closing it again closes nothing else', () => {
  const first = openUdp(4)
  first.close()
  const second = openUdp(4) // The kernel hands out the lowest free number: the one that was just closed.
  first.close()
  expect(first.open).toBe(false)
  expect(() => setOption(first, 'receiveBuffer', 4096)).toThrow('closed descriptor')
  expect(() => kernelDrops(first)).toThrow('closed descriptor')
  expect(kernelDrops(second)).toBe(0)
  second.close()
})

test('epoll reports readable descriptors by their token, until they are removed or closed', () => {
  const epoll = new Epoll(4)
  const [one, two] = [Wake.create(), Wake.create()]
  epoll.add(one.fd, 1)
  epoll.add(two.fd, 0xffff_ffff)
  expect(epoll.wait(0)).toBe(0)
  two.signal()
  expect(epoll.wait(1000)).toBe(1)
  expect(epoll.token(0)).toBe(0xffff_ffff)
  expect(epoll.failed(0)).toBe(false)
  one.signal()
  expect(epoll.wait(0)).toBe(2)
  epoll.remove(one.fd)
  two.close()
  expect(epoll.wait(0)).toBe(0)
  expect(() => epoll.remove(two.fd)).toThrow('closed descriptor')
  one.close()
  epoll.close()
  epoll.close()
  expect(() => epoll.wait(0)).toThrow('closed descriptor')
})

test('epoll rests as long as it is told, whatever is readable', () => {
  const epoll = new Epoll(1)
  const wake = Wake.create()
  epoll.add(wake.fd, 1)
  wake.signal()
  const began = performance.now()
  epoll.rest(5_000)
  expect(performance.now() - began).toBeGreaterThan(4.9)
  wake.close()
  epoll.close()
})

test('epoll refuses numbers that C would take for something else', () => {
  const epoll = new Epoll(1)
  const wake = Wake.create()
  for (const token of [Number.NaN, 0.5, -1, 2 ** 32]) expect(() => epoll.add(wake.fd, token)).toThrow(RangeError)
  for (const timeout of [Number.NaN, 0.5, -1, Number.POSITIVE_INFINITY]) {
    expect(() => epoll.wait(timeout)).toThrow(RangeError)
  }
  for (const us of [Number.NaN, 0.5, -1, 1_000_000]) expect(() => epoll.rest(us)).toThrow(RangeError)
  wake.close()
  epoll.close()
})

test('a wake signalled many times is drained at once; the attached end does not own it', () => {
  const epoll = new Epoll(1)
  const maker = Wake.create()
  const { port1, port2 } = new MessageChannel()
  port1.postMessage(maker.token())
  const attached = Wake.attach(receiveMessageOnPort(port2)?.message)
  epoll.add(attached.fd, 7)
  for (let i = 0; i < 100; i++) maker.signal()
  expect(epoll.wait(0)).toBe(1)
  attached.drain()
  expect(epoll.wait(0)).toBe(0)
  attached.drain()
  attached.close()
  maker.signal()
  expect(epoll.wait(0)).toBe(1)
  maker.close()
  expect(() => maker.signal()).toThrow('closed descriptor')
  epoll.close()
  port1.close()
})

test('a wake attaches to nothing but a wake', () => {
  const file = openSync('/dev/null', 'w')
  expect(() => Wake.attach({ wakeFd: file })).toThrow('not a wake')
  expect(() => Wake.attach({ wakeFd: 1.5 })).toThrow(RangeError)
  expect(() => Wake.attach({ wakeFd: -1 })).toThrow(RangeError)
})

test('a failed call names itself and its reason', () => {
  const fd = openUdp(4)
  let error: unknown
  try {
    setOption(fd, 'v6Only', 1)
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(SystemError)
  expect(error).toMatchObject({ code: 'ENOPROTOOPT', syscall: 'setsockopt v6Only' })
  expect(() => setOption(fd, 'receiveBuffer', Number.NaN)).toThrow(RangeError)
  fd.close()
})
