import { expect, test } from 'vitest'
import { bind, type Native, native } from './native.ts'
import { openssl } from './openssl/check.ts'
import { checkSockets } from './self-check.ts'

test('all is well here, and the version of OpenSSL is the one that Node tells', () => {
  expect(checkSockets()).toEqual({ ok: true })
  expect(openssl()).toEqual({ ok: true, version: process.versions.openssl?.replace(/[^0-9.].*$/, '') })
})

test('where there is no koffi, everything is missing, and the reason is given', () => {
  const nowhere: Native = { ok: false, why: 'koffi does not load: no binary' }
  const { calls, missing } = bind({ socket: ['int', 'int', 'int', 'int'] }, nowhere)
  expect(missing).toEqual(['socket'])
  expect(() => calls.socket(1, 2, 3)).toThrow('socket cannot be called here')
  const check = openssl(nowhere)
  expect(check).toMatchObject({ ok: false, why: 'koffi does not load: no binary' })
  expect(check.ok || check.missing).toContain('SSL_CTX_set_tlsext_use_srtp')
})

test('a function that the process lacks is named, the others work', () => {
  const { calls, missing } = bind({ getpid: ['int'], no_such_function: ['int'] })
  expect(missing).toEqual(['no_such_function'])
  expect(calls.getpid()).toBe(process.pid)
  expect(() => calls.no_such_function()).toThrow('no_such_function cannot be called here')
})

test('an OpenSSL without DTLS-SRTP is named as such', () => {
  expect(native.ok).toBe(true)
  if (!native.ok) return
  const { koffi, process } = native
  const lacking = new Proxy(process, {
    get(target, property) {
      if (property !== 'symbol') return Reflect.get(target, property)
      return (name: string) => {
        if (name.includes('srtp')) throw new Error('Cannot find symbol')
        return target.symbol(name)
      }
    },
  })
  expect(openssl({ ok: true, koffi, process: lacking })).toEqual({
    ok: false,
    missing: ['SSL_CTX_set_tlsext_use_srtp', 'SSL_get_selected_srtp_profile'],
    why: 'this node does not export SSL_CTX_set_tlsext_use_srtp, SSL_get_selected_srtp_profile',
  })
})
