import { describe, expect, it } from 'vitest'
import { type Interfaces, lanAddresses } from './machine.ts'
import { nameHere, namesElsewhere, type Surroundings } from './surroundings.ts'

describe('where the server is', () => {
  const addresses = ['192.168.1.20', '2001:db8::7']
  const around = (given: Partial<Surroundings>): Surroundings => ({
    host: '0.0.0.0',
    domain: undefined,
    publicIps: [],
    mapped: [],
    addresses,
    local: [],
    ...given,
  })

  it.each<[Partial<Surroundings>, string, string[]]>([
    [{}, 'localhost', ['192.168.1.20']],
    [{ host: '::' }, 'localhost', addresses],
    [{ host: '127.0.0.1' }, 'localhost', []],
    [{ host: 'localhost' }, 'localhost', []],
    [{ host: '10.0.0.5' }, '10.0.0.5', ['10.0.0.5']],
    [{ publicIps: ['203.0.113.5'] }, 'localhost', ['203.0.113.5']],
    [{ domain: 'meet.example.com', publicIps: ['203.0.113.5'] }, 'localhost', ['meet.example.com']],
  ])('%j', (given, local, others) => {
    expect(nameHere(around(given))).toBe(local)
    expect(namesElsewhere(around(given))).toEqual(others)
  })
})

describe('the addresses of this machine', () => {
  const info = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
    ({ address, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 }) as NonNullable<
      Interfaces[string]
    >[number]

  it('real before virtual, home networks first, nothing that only works here', () => {
    expect(
      lanAddresses({
        lo: [info('127.0.0.1', 'IPv4', true), info('::1', 'IPv6', true)],
        docker0: [info('172.17.0.1', 'IPv4')],
        eth0: [info('fe80::1', 'IPv6'), info('2001:db8::7', 'IPv6'), info('10.1.2.3', 'IPv4')],
        wlan0: [info('192.168.1.20', 'IPv4'), info('169.254.7.7', 'IPv4'), info('192.168.1.20', 'IPv4')],
        gone: undefined,
      }),
    ).toEqual(['192.168.1.20', '10.1.2.3', '2001:db8::7', '172.17.0.1'])
  })
})
