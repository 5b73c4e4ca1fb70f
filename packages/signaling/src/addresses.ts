/**
 * Counts what comes from one address. Hosts on IPv6 own a whole /64, so that is what counts as one.
 */
export class Addresses {
  readonly #counts = new Map<string, number>()

  /** How many there are from this address now, this one included. */
  arrive(address: string): number {
    const key = network(address)
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return count
  }

  depart(address: string): void {
    const key = network(address)
    const count = (this.#counts.get(key) ?? 0) - 1
    if (count > 0) this.#counts.set(key, count)
    else this.#counts.delete(key)
  }

  count(address: string): number {
    return this.#counts.get(network(address)) ?? 0
  }
}

/** An IPv4 address as it is (also in its IPv6 clothes), the first four groups of an IPv6 address. */
export function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...new Array<string>(zeros).fill('0'), ...right]
  return groups
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
