import type { Socket } from 'node:net'

/** What the first bytes of a stream say: nothing yet, that it is to be ended, or whose it is and where its own bytes begin. */
export type Verdict = 'more' | 'wrong' | { readonly consumed: number; readonly take: () => void }

/**
 * Looks at the first bytes of a stream until `judge` knows whose it is, then gives it to its owner with all bytes from
 * `consumed` on, as if nobody had looked. Ends it when that takes longer than `withinMs`. `over` is called once, before the
 * stream is given away or when it is gone.
 */
export function readAhead(
  socket: Socket,
  withinMs: number,
  judge: (begun: Buffer) => Verdict,
  over: () => void = () => {},
): void {
  let begun = Buffer.alloc(0)
  const late = setTimeout(() => socket.destroy(), withinMs)
  const failed = () => socket.destroy()
  const done = () => {
    clearTimeout(late)
    over()
    socket.off('error', failed).off('data', read).off('close', done)
  }
  const read = (chunk: Buffer) => {
    begun = Buffer.concat([begun, chunk])
    const verdict = judge(begun)
    if (verdict === 'more') return
    done()
    if (verdict === 'wrong') {
      socket.destroy()
      return
    }
    socket.pause()
    if (begun.length > verdict.consumed) socket.unshift(begun.subarray(verdict.consumed))
    verdict.take()
    socket.resume()
  }
  socket.on('error', failed).on('data', read).on('close', done)
}
