import { expect, test } from 'vitest'
import { describeCandidates, type ServerCandidate } from './candidates.ts'

const lan: ServerCandidate = { ip: '192.0.2.1', port: 3478, protocol: 'udp', type: 'host' }
const wan: ServerCandidate = {
  ip: '203.0.113.1',
  port: 3478,
  protocol: 'udp',
  type: 'srflx',
  related: { ip: '192.0.2.1', port: 3478 },
}

test('priorities are those of RFC 8445 §5.1.2.1, and UDP comes before TCP', () => {
  const candidates = describeCandidates([lan, wan, { ...lan, protocol: 'tcp' }, { ...wan, protocol: 'tcp' }])
  expect(candidates[0]?.priority).toBe(126 * 2 ** 24 + 65_535 * 2 ** 8 + 255)
  const priorities = candidates.map(({ priority }) => priority)
  expect(priorities).toEqual([...priorities].sort((a, b) => b - a))
  expect(new Set(priorities).size).toBe(4)
})

test('the foundation is shared by the same type, base and protocol alone', () => {
  const second = { ...lan, port: 3479 }
  const foundations = describeCandidates([lan, second, wan, { ...lan, protocol: 'tcp' }]).map(
    ({ foundation }) => foundation,
  )
  expect(foundations[0]).toBe(foundations[1])
  expect(new Set(foundations).size).toBe(3)
})

test('TCP is passive, and a public address names the one behind it', () => {
  const [udp, tcp] = describeCandidates([wan, { ...lan, protocol: 'tcp' }])
  expect(udp?.related).toEqual({ ip: '192.0.2.1', port: 3478 })
  expect(udp?.tcpType).toBeUndefined()
  expect(tcp?.tcpType).toBe('passive')
  expect(tcp?.related).toBeUndefined()
})
