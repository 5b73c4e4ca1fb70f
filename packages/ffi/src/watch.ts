import { type Fd, rawFd } from './fd.ts'
import { native } from './native.ts'

/**
 * Calls `readable` on Node's event loop whenever `fd` can be read, until the function that it returns is called, which must
 * be done before closing `fd`. Keeps the process alive meanwhile.
 */
export function watch(fd: Fd, readable: () => void): () => void {
  if (!native.ok) throw new Error(native.why)
  // Koffi calls back outside Node's callback scope, so that ticks and promises would not run after it. An immediate does, in the same turn.
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
