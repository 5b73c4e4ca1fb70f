import { AddressError, IpAddress } from '@parley/net'
import { describe, expect, it } from 'vitest'
import { PeerPolicy } from './peer-policy.ts'

const own = ['9.9.9.9', '10.0.0.5', '2600::9']
const check = (rules: ConstructorParameters<typeof PeerPolicy>[0], address: string) =>
  new PeerPolicy(rules, own).check(IpAddress.parse(address))

describe('PeerPolicy', () => {
  it.each([
    ['8.8.8.8', 'allowed'],
    ['2600::1', 'allowed'],
    ['10.0.0.1', 'denied'],
    ['9.9.9.9', 'own'],
    ['10.0.0.5', 'own'],
    ['2600::9', 'own'],
    ['::ffff:9.9.9.9', 'own'],
    ['2002:909:909::1', 'denied'],
    ['64:ff9b::9.9.9.9', 'denied'],
    ['::9.9.9.9', 'denied'],
  ])('%s is %s', (address, verdict) => {
    expect(check({}, address)).toBe(verdict)
  })

  it('opens a network by a rule, but not this machine in it', () => {
    expect(check({ allow: ['10.0.0.0/8'] }, '10.0.0.1')).toBe('allowed')
    expect(check({ allow: ['10.0.0.0/8'] }, '10.0.0.5')).toBe('own')
    expect(check({ allow: ['private', '0.0.0.0/0'] }, '10.0.0.5')).toBe('own')
  })

  it.each(['10.0.0.5', '10.0.0.5/32', '::ffff:10.0.0.5'])('opens this machine by its very address: %s', rule => {
    expect(check({ allow: [rule] }, '10.0.0.5')).toBe('allowed')
    expect(check({ allow: [rule], deny: [rule] }, '10.0.0.5')).toBe('own')
  })

  it('refuses rules that mean nothing', () => {
    expect(() => new PeerPolicy({ allow: ['10.0.0.0/64'] }, [])).toThrow(AddressError)
    expect(() => new PeerPolicy({ deny: ['nowhere'] }, [])).toThrow(AddressError)
  })
})
