import { expect, test } from 'vitest'
import { mediaCandidates } from './sfu-service.ts'

test('candidates: UDP and TCP, host or behind a NAT', () => {
  expect(
    mediaCandidates(
      [
        { inside: '10.0.0.5', outside: '203.0.113.9' },
        { inside: '10.0.0.5', outside: undefined },
      ],
      3478,
    ),
  ).toEqual([
    { ip: '203.0.113.9', port: 3478, protocol: 'udp', type: 'srflx', related: { ip: '10.0.0.5', port: 3478 } },
    { ip: '10.0.0.5', port: 3478, protocol: 'udp', type: 'host' },
    { ip: '203.0.113.9', port: 3478, protocol: 'tcp', type: 'srflx', related: { ip: '10.0.0.5', port: 3478 } },
    { ip: '10.0.0.5', port: 3478, protocol: 'tcp', type: 'host' },
  ])
})
