import type { RemoteInfo } from 'node:dgram'
import { Address } from '../address/address.ts'

const MOST = 4096

/** The addresses of Node's datagrams, those seen lately without parsing again. Of bounded size. */
export class AddressTexts {
  #known = new Map<string, Address>()

  read({ address, port }: RemoteInfo): Address {
    const text = `${port} ${address}`
    const known = this.#known.get(text)
    if (known) return known
    const made = Address.parse(address, port)
    if (this.#known.size >= MOST) this.#known.clear()
    this.#known.set(text, made)
    return made
  }
}
