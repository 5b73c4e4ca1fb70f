import { networkInterfaces } from 'node:os'

/** The number of the interface that a zone names (`fe80::1%eth0`, RFC 4007 §11); numbers name themselves. */
export function zoneIndex(zone: string): number | undefined {
  if (/^\d{1,9}$/.test(zone)) return Number(zone)
  for (const entry of networkInterfaces()[zone] ?? []) {
    if (entry.family === 'IPv6' && entry.scopeid > 0) return entry.scopeid
  }
  return undefined
}

/** The name of the interface with that number, as libuv wants zones; the number itself where no interface has it. */
export function zoneName(index: number): string {
  for (const [name, entries] of Object.entries(networkInterfaces())) {
    if (entries?.some(entry => entry.family === 'IPv6' && entry.scopeid === index)) return name
  }
  return String(index)
}
