import type { Clock } from './ports.ts'

/** Waits for `work`, but no longer than `ms`; resolves with whether it was done by then. */
export async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  let stop = () => {}
  const enough = new Promise<false>(resolve => {
    stop = clock.after(ms, () => resolve(false))
  })
  const done = await Promise.race([work.then(() => true), enough])
  stop()
  return done
}
