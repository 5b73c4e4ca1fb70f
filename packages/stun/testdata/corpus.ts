import { readFileSync } from 'node:fs'
import { fromHex } from '@parley/bytes'

function lines(file: string): string[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8').trim().split('\n')
}

/** The vectors of the RFCs, by name. */
export function vector(name: string): Uint8Array {
  const line = lines('rfc.txt').find(text => text.startsWith(`${name} `))
  if (!line) throw new Error(`No vector ${name}`)
  return fromHex(line.slice(name.length))
}

export interface Packet {
  readonly from: 'client' | 'server'
  readonly bytes: Uint8Array
}

/** The datagrams of a capture, in order. */
export function datagrams(file: 'chromium.txt' | 'uclient.txt'): Packet[] {
  return lines(file).map(line => ({
    from: line.startsWith('client ') ? 'client' : 'server',
    bytes: fromHex(line.slice('client '.length)),
  }))
}

/** The chunks of a captured stream, in order. */
export function chunks(file: 'uclient-tcp-client.txt' | 'chromium-tcp-server.txt'): Uint8Array[] {
  return lines(file).map(fromHex)
}

/** Every datagram there is: vectors and captures. */
export function everyDatagram(): Uint8Array[] {
  const vectors = lines('rfc.txt').map(line => fromHex(line.slice(line.indexOf(' '))))
  return [...vectors, ...[...datagrams('chromium.txt'), ...datagrams('uclient.txt')].map(({ bytes }) => bytes)]
}

/** Rows of a registry: value and name. */
export function registry(file: 'methods' | 'attributes' | 'error-codes'): { value: number; name: string }[] {
  return lines(`iana-${file}.csv`)
    .slice(1)
    .map(line => ({ value: Number(line.slice(0, line.indexOf(','))), name: line.slice(line.indexOf(',') + 1) }))
}
