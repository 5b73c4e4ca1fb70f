import { type Fd, rawFd } from './fd.ts'
import { native } from './native.ts'

/**
 * Calls `readable` on Node's event loop whenever `fd` can be read, until the function returned is called; do that before
 * closing `fd`. Keeps the process alive meanwhile.
 */
export function watch(fd: Fd, readable: () => void): () => void {
  if (!native.ok) throw new Error(native.why)
  // The callback comes outside of Node's scope for callbacks; an immediate of the same turn of the loop is inside it.
  let handle: { close(): void } | undefined = native.koffi.node.poll(rawFd(fd), { readable: true }, () => {
    setImmediate(() => {
      if (handle) readable()
    })
  })
  return () => {
    handle?.close()
    handle = undefined
  }
}
