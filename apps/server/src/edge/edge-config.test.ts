import { describe, expect, it } from 'vitest'
import { type Config, defaults } from '../config/options.ts'
import { edgeConfig } from './edge-config.ts'

const lan = ['192.168.1.20', '10.0.0.5', '2001:db8::20']

function made(options: Partial<Config>, addresses = lan) {
  return edgeConfig(
    { ...defaults, ...options },
    { secrets: ['s'], port: 0, mayMove: false, handover: undefined, addresses, own: ['127.0.0.1', ...addresses] },
  )
}

describe('what the edge is told', () => {
  it('relays where it listens, and announces the best address of the machine', () => {
    expect(made({}).relays).toEqual({ 4: { bind: '0.0.0.0', announce: '192.168.1.20' } })
    expect(made({ host: '10.0.0.5' }).relays).toEqual({ 4: { bind: '10.0.0.5', announce: '10.0.0.5' } })
    expect(made({ host: 'localhost' }).relays).toEqual({ 4: { bind: '127.0.0.1', announce: '127.0.0.1' } })
    expect(made({}, []).relays).toEqual({ 4: { bind: '0.0.0.0', announce: '127.0.0.1' } })
    expect(made({ host: '2001:db8::20' }).relays).toEqual({ 6: { bind: '2001:db8::20', announce: '2001:db8::20' } })
    expect(made({ host: '::' }).relays).toEqual({
      4: { bind: '0.0.0.0', announce: '192.168.1.20' },
      6: { bind: '::', announce: '2001:db8::20' },
    })
    expect(made({ host: '::' }, ['192.168.1.20']).relays[6]).toBeUndefined()
  })

  it('announces public addresses, which lead to this machine too', () => {
    const { relays, own } = made({ host: '::', publicIp: ['203.0.113.5', '203.0.113.6', '2001:db8::5'] })
    expect(relays).toEqual({
      4: { bind: '0.0.0.0', announce: '203.0.113.5' },
      6: { bind: '::', announce: '2001:db8::5' },
    })
    expect(own).toEqual(['127.0.0.1', ...lan, '203.0.113.5', '203.0.113.6', '2001:db8::5'])
  })

  it('splits names from passwords at the first colon', () => {
    expect(made({ turnUser: ['phone:pass:word'] }).users).toEqual([['phone', 'pass:word']])
  })
})
