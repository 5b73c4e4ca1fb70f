import type { Datagram, OpenOptions, UdpSocket } from '@parley/udp'
import { expect, it } from 'vitest'
import { listenUdp, type Taker } from './udp-listener.ts'

it('shows a datagram to one after the other until it is taken', () => {
  let opened: OpenOptions | undefined
  const open = (options: OpenOptions) => {
    opened = options
    return {} as UdpSocket
  }
  const seen: string[] = []
  const taker =
    (name: string, wants: number): Taker =>
    ({ start }) => {
      seen.push(name)
      return start === wants
    }
  listenUdp({ open }, '::', 3478, [taker('counter', -1), taker('media', 1), taker('turn', 2)])
  expect(opened).toMatchObject({ address: '::', port: 3478, dual: true })
  for (const start of [1, 2, 3]) {
    opened?.onDatagram({ start } as Datagram, 0)
    seen.push('|')
  }
  expect(seen.join(' ')).toBe('counter media | counter media turn | counter media turn |')
})
