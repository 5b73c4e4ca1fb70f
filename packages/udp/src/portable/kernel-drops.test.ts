import { expect, test } from 'vitest'
import { dropsByPort } from './kernel-drops.ts'

test('overruns are found in the system’s table, by port, both IP versions together', () => {
  const head =
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops'
  const udp = ` 1363: 0100007F:0D96 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12 2 00000000abcdef01 17`
  const udp6 = ` 1363: 00000000000000000000000001000000:0D96 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 13 2 0000000000000000 5
 2000: 00000000000000000000000000000000:C000 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 13 2 0000000000000000 0`
  const drops = dropsByPort(path => `${head}\n${path.endsWith('6') ? udp6 : udp}`)
  expect(drops).toEqual(
    new Map([
      [3478, 22],
      [49_152, 0],
    ]),
  )
  const none = dropsByPort(() => {
    throw new Error('ENOENT')
  })
  expect(none).toBeUndefined()
})
