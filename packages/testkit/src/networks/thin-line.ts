import type { Host } from './internet.ts'

/** Limits what a host sends (`up`), or what it is sent over UDP (`down`). The returned function removes the limit. */
export async function thinLine(host: Host, way: 'up' | 'down', kbitPerSecond: number): Promise<() => Promise<void>> {
  if (way === 'up') {
    const shape = ['tbf', 'rate', `${kbitPerSecond}kbit`, 'burst', '8kb', 'latency', '300ms']
    await host.run('tc', 'qdisc', 'add', 'dev', 'eth0', 'root', ...shape)
    return async () => void (await host.run('tc', 'qdisc', 'del', 'dev', 'eth0', 'root'))
  }
  const police = `meta l4proto udp limit rate over ${Math.round(kbitPerSecond / 8)} kbytes/second drop`
  const chain = 'add table inet thin; add chain inet thin in { type filter hook input priority 0; }'
  await host.run('nft', `${chain}; add rule inet thin in ${police}`)
  return async () => void (await host.run('nft', 'delete table inet thin'))
}
