import { useEffect, useState } from 'react'

/** A clock that is off by less than this does no harm, ms. */
const tolerableMs = 2 * 60_000

/**
 * The server's clock minus this device's, in ms, accurate to a second; undefined if the server does not send its time.
 * Rejects if it does not answer.
 */
export async function askClockOff(signal: AbortSignal): Promise<number | undefined> {
  const began = Date.now()
  const { headers } = await fetch('/healthz', { cache: 'no-store', signal })
  return clockOff(headers.get('date'), began, Date.now())
}

/** The offset from a response's `Date` (RFC 9110 §6.6.1), which has whole seconds only, and the times around it. */
export function clockOff(date: string | null, askedAt: number, receivedAt: number): number | undefined {
  const at = Date.parse(date ?? '')
  return Number.isNaN(at) ? undefined : at + 500 - (askedAt + receivedAt) / 2
}

/** How far this device's clock is off, in words and in a fitting unit; undefined if it is too little to matter. */
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

/** {@link askClockOff} as a hook: undefined until the answer is there; asks only if `wanted`. */
export function useClockOff(wanted: boolean): number | undefined {
  const [off, setOff] = useState<number>()
  useEffect(() => {
    if (!wanted) return
    const asking = new AbortController()
    // Without an answer there is no offset to report; an unreachable server is reported elsewhere.
    askClockOff(asking.signal).then(setOff, () => {})
    return () => asking.abort()
  }, [wanted])
  return off
}
