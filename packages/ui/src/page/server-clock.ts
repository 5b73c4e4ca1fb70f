import { useEffect, useState } from 'react'

/** A clock that is off by less spoils nothing, ms. */
const tolerableMs = 2 * 60_000

/**
 * The server's clock less this device's, ms, to a second; undefined where it does not say what time it is. Rejects where it
 * does not answer.
 */
export async function askClockOff(signal: AbortSignal): Promise<number | undefined> {
  const began = Date.now()
  const { headers } = await fetch('/healthz', { cache: 'no-store', signal })
  return clockOff(headers.get('date'), began, Date.now())
}

/** Of an answer with this `Date` (RFC 9110 §6.6.1), asked for and received at these times. It cuts off the parts of a second. */
export function clockOff(date: string | null, askedAt: number, receivedAt: number): number | undefined {
  const at = Date.parse(date ?? '')
  return Number.isNaN(at) ? undefined : at + 500 - (askedAt + receivedAt) / 2
}

/** How far this device's clock is from the server's, where that matters: in words, as long as it is a matter of minutes. */
export function clockWords(
  offMs: number,
  language: string,
): { readonly way: 'ahead' | 'behind'; readonly off: string } | undefined {
  const minutes = Math.round(Math.abs(offMs) / 60_000)
  if (Math.abs(offMs) < tolerableMs) return undefined
  const [value, unit] =
    minutes < 120 ? [minutes, 'minute'] : minutes < 48 * 60 ? [minutes / 60, 'hour'] : [minutes / 1440, 'day']
  const write = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 })
  return { way: offMs > 0 ? 'behind' : 'ahead', off: write.format(value) }
}

/** {@link askClockOff}, once it is known; asked only where somebody wants to know. */
export function useClockOff(wanted: boolean): number | undefined {
  const [off, setOff] = useState<number>()
  useEffect(() => {
    if (!wanted) return
    const asking = new AbortController()
    // Without an answer there is nothing to say of clocks; that the server is away is said elsewhere.
    askClockOff(asking.signal).then(setOff, () => {})
    return () => asking.abort()
  }, [wanted])
  return off
}
