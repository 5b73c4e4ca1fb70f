import { networkInterfaces } from 'node:os'

/** The number of the interface that a zone names (`fe80::1%eth0`, RFC 4007 §11); a zone may also be that number. */
export function zoneIndex(zone: string): number | undefined {
  if (/^\d{1,9}$/.test(zone)) return Number(zone)
  for (const entry of networkInterfaces()[zone] ?? []) {
    if (entry.family === 'IPv6' && entry.scopeid > 0) return entry.scopeid
  }
  return undefined
}

/** The name of the interface with that number, which libuv wants for a zone; the number itself if there is no such interface. */
export function zoneName(index: number): string {
  for (const [name, entries] of Object.entries(networkInterfaces())) {
    if (entries?.some(entry => entry.family === 'IPv6' && entry.scopeid === index)) return name
  }
  return String(index)
}
