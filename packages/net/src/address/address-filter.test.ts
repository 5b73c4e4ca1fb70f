import { describe, expect, test } from 'vitest'
import { AddressError } from './address-error.ts'
import { AddressFilter, type AddressRules } from './address-filter.ts'
import { embeddedIpv4 } from './embedded-ipv4.ts'
import { IpAddress } from './ip-address.ts'
import { ownSpecialRange, specialRanges } from './special-ranges.ts'

const check = (rules: AddressRules, text: string) => new AddressFilter(rules).check(IpAddress.parse(text))
const passes = (rules: AddressRules, text: string) => check(rules, text).allowed

test('by default the public internet, and nothing else', () => {
  expect(check({}, '8.8.8.8')).toEqual({ allowed: true })
  expect(check({}, '127.0.0.1')).toEqual({ allowed: false, reason: '127.0.0.1 is loopback (127.0.0.0/8)' })
  expect(check({}, '2002:7f00:1::1')).toEqual({ allowed: false, reason: '127.0.0.1 is loopback (127.0.0.0/8)' })
})

describe('allow', () => {
  test('by name opens all networks of that name, in both families and every form', () => {
    const rules = { allow: ['loopback'] }
    for (const text of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::127.8.9.1'])
      expect(passes(rules, text)).toBe(true)
    for (const text of ['10.0.0.1', '::127.0.0.1', '0.0.0.0', '::']) expect(passes(rules, text), text).toBe(false)
  })

  test('by network opens that network', () => {
    const rules = { allow: ['192.168.7.0/24', 'fd12::/16'] }
    for (const text of ['192.168.7.1', '::ffff:192.168.7.1', 'fd12::1']) expect(passes(rules, text), text).toBe(true)
    for (const text of ['192.168.8.1', 'fd13::1']) expect(passes(rules, text), text).toBe(false)
  })

  test('a rule that is wider than a special range does not open it', () => {
    const rules = { allow: ['0.0.0.0/0', '::/0', '169.254.0.0/16'] }
    expect(passes(rules, '127.0.0.1')).toBe(false)
    expect(passes(rules, '::1')).toBe(false)
    expect(passes(rules, '169.254.1.1')).toBe(true)
    expect(passes(rules, '169.254.169.254')).toBe(false)
    expect(passes({ allow: ['169.254.169.254'] }, '169.254.169.254')).toBe(true)
  })

  test('an opened IPv6 form still answers for the IPv4 inside', () => {
    const rules = { allow: ['nat64-local', 'ipv4-compatible'] }
    expect(passes(rules, '64:ff9b:1::8.8.8.8')).toBe(true)
    expect(passes(rules, '64:ff9b:1::127.0.0.1')).toBe(false)
    expect(passes(rules, '::10.1.1.1')).toBe(false)
  })
})

describe('deny', () => {
  test('beats an equally narrow allow, and loses to a narrower one', () => {
    expect(passes({ allow: ['8.8.8.0/24'], deny: ['8.8.8.0/24'] }, '8.8.8.8')).toBe(false)
    expect(passes({ allow: ['8.8.8.8'], deny: ['8.8.8.0/24'] }, '8.8.8.8')).toBe(true)
    expect(passes({ allow: ['10.0.0.0/8'], deny: ['10.0.0.1'] }, '10.0.0.1')).toBe(false)
    expect(passes({ allow: ['10.0.0.0/8'], deny: ['10.0.0.1'] }, '10.0.0.2')).toBe(true)
  })

  test('reaches an address in every form, and however the rule is written', () => {
    for (const rule of ['8.8.8.8', '8.8.8.8/32', '::ffff:8.8.8.8', '::ffff:808:808/128', '::ffff:8.8.8.0/120']) {
      for (const text of ['8.8.8.8', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::1']) {
        expect(passes({ deny: [rule] }, text), `${rule} ${text}`).toBe(false)
      }
    }
    expect(check({ deny: ['8.8.8.0/24'] }, '2002:808:808::1')).toEqual({
      allowed: false,
      reason: '8.8.8.8 is denied by 8.8.8.0/24',
    })
  })

  test('everything', () => {
    const rules = { deny: ['0.0.0.0/0', '::/0'] }
    for (const text of ['8.8.8.8', '2606::1', '::ffff:8.8.8.8']) expect(passes(rules, text)).toBe(false)
  })

  test('a form by its network', () => {
    expect(passes({ deny: ['2002::/16'] }, '2002:808:808::1')).toBe(false)
    expect(passes({ deny: ['2002::/16'] }, '8.8.8.8')).toBe(true)
  })
})

test.each([
  ['privat', `'privat' is not a range that has a name; there are unspecified, this-network, loopback, private`],
  ['10.0.0.0/33', 'the prefix length must be'],
  ['10.0.0.1/8', 'did you mean 10.0.0.0/8?'],
  ['example.com', 'is not an IP address'],
  ['', 'is not an IP address'],
])('a malformed rule %j stops the start', (rule, problem) => {
  for (const rules of [{ allow: [rule] }, { deny: [rule] }]) {
    expect(() => new AddressFilter(rules)).toThrow(AddressError)
    expect(() => new AddressFilter(rules)).toThrow(problem)
  }
})

test('every name is a rule', () => {
  for (const { name, cidr } of specialRanges) {
    // The second address of the range, or its only one.
    const { bytes } = cidr.network
    const second = IpAddress.from(bytes.map((byte, i) => (i === bytes.length - 1 ? byte | 1 : byte)))
    const address = cidr.contains(second) ? second : cidr.network
    if (ownSpecialRange(address)?.cidr !== cidr) continue // a narrower range has that one
    expect(check({ deny: [name] }, String(address))).toEqual({
      allowed: false,
      reason: `${address} is denied by ${name}`,
    })
    if (embeddedIpv4(address).length === 0) expect(check({ allow: [name] }, String(address))).toEqual({ allowed: true })
  }
})
