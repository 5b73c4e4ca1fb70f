import { expect, test } from 'vitest'
import {
  cmsghdr,
  epollEventOn,
  iovec,
  mmsghdr,
  msghdr,
  sockaddrIn,
  sockaddrIn6,
  sockExtendedErr,
  struct,
} from './layout.ts'

// From <sys/socket.h>, <netinet/in.h> and <sys/epoll.h> as compiled for x86-64 and aarch64 Linux.
test('structs have the sizes and offsets that C gives them', () => {
  expect(iovec).toMatchObject({ size: 16, at: { base: 0, len: 8 } })
  expect(msghdr).toMatchObject({
    size: 56,
    at: { name: 0, namelen: 8, iov: 16, iovlen: 24, control: 32, controllen: 40, flags: 48 },
  })
  expect(mmsghdr).toMatchObject({ size: 64, at: { hdr: 0, len: 56 } })
  expect(cmsghdr).toMatchObject({ size: 16, at: { len: 0, level: 8, type: 12 } })
  expect(sockaddrIn).toMatchObject({ size: 16, at: { family: 0, port: 2, addr: 4 } })
  expect(sockaddrIn6).toMatchObject({ size: 28, at: { family: 0, port: 2, flowinfo: 4, addr: 8, scope: 24 } })
  expect(sockExtendedErr).toMatchObject({ size: 16, at: { errno: 0, origin: 4, type: 5, code: 6, info: 8, data: 12 } })
})

test('epoll_event is packed on x64 and only there', () => {
  expect(epollEventOn('x64')).toMatchObject({ size: 12, at: { events: 0, data: 4 } })
  expect(epollEventOn('arm64')).toMatchObject({ size: 16, at: { events: 0, data: 8 } })
})

test('fields are padded to their alignment, structs to their widest', () => {
  expect(struct({ a: 'u8', b: 'u64', c: 'u16' })).toMatchObject({ size: 24, align: 8, at: { a: 0, b: 8, c: 16 } })
  expect(struct({ a: 'u8', b: 'u64', c: 'u16' }, { packed: true })).toMatchObject({ size: 11, at: { b: 1, c: 9 } })
})
