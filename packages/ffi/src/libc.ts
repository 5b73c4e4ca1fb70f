import { bind } from './native.ts'

/** All of libc that Parley calls. Pointers are `int64`; see {@link bind}. */
export const { calls: libc, missing: libcMissing } = bind({
  socket: ['int', 'int', 'int', 'int'],
  bind: ['int', 'int', 'int64', 'uint'],
  setsockopt: ['int', 'int', 'int', 'int', 'int64', 'uint'],
  getsockopt: ['int', 'int', 'int', 'int', 'int64', 'int64'],
  getsockname: ['int', 'int', 'int64', 'int64'],
  recvmmsg: ['int', 'int', 'int64', 'uint', 'int', 'int64'],
  sendmmsg: ['int', 'int', 'int64', 'uint', 'int'],
  epoll_create1: ['int', 'int'],
  epoll_ctl: ['int', 'int', 'int', 'int', 'int64'],
  epoll_wait: ['int', 'int', 'int64', 'int', 'int'],
  usleep: ['int', 'uint'],
  eventfd: ['int', 'uint', 'int'],
  read: ['int64', 'int', 'int64', 'int64'],
  write: ['int64', 'int', 'int64', 'int64'],
  close: ['int', 'int'],
  mmap: ['int64', 'int64', 'int64', 'int', 'int', 'int', 'int64'],
  munmap: ['int', 'int64', 'int64'],
  madvise: ['int', 'int64', 'int64', 'int'],
})
