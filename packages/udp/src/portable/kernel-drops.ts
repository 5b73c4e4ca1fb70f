import { readFileSync } from 'node:fs'

/**
 * How many datagrams the kernel has dropped at the UDP sockets on each local port, from Linux's `/proc/net/udp` (proc(5));
 * undefined on other systems.
 */
export function dropsByPort(read: (path: string) => string = readTable): ReadonlyMap<number, number> | undefined {
  try {
    return parseDrops(`${read('/proc/net/udp')}\n${read('/proc/net/udp6')}`)
  } catch {
    return undefined // This system has no such table.
  }
}

const readTable = (path: string) => readFileSync(path, 'latin1')

/** Rows such as `12: 0100007F:0D3D 00000000:0000 07 … 42`: the port is hexadecimal, the drops come last. */
function parseDrops(table: string): Map<number, number> {
  const drops = new Map<number, number>()
  for (const [, port = '', count = ''] of table.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) .* (\d+)\s*$/gm)) {
    const number = Number.parseInt(port, 16)
    drops.set(number, (drops.get(number) ?? 0) + Number(count))
  }
  return drops
}
