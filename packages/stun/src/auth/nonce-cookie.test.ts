import { expect, test } from 'vitest'
import { nonceCookie, securityFeatures, withoutCookie } from './nonce-cookie.ts'

const none = { passwordAlgorithms: false, usernameAnonymity: false }

test('the example of RFC 8489 appendix B.1', () => {
  const nonce = 'obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA'
  expect(securityFeatures(nonce)).toEqual({ ...none, usernameAnonymity: true })
  expect(withoutCookie(nonce)).toBe('f//499k954d6OL34oL9FSTvy64sA')
})

test('both ways', () => {
  for (const passwordAlgorithms of [false, true]) {
    for (const usernameAnonymity of [false, true]) {
      const cookie = nonceCookie({ passwordAlgorithms, usernameAnonymity })
      expect(cookie).toHaveLength(13)
      expect(securityFeatures(`${cookie}rest`)).toEqual({ passwordAlgorithms, usernameAnonymity })
      expect(withoutCookie(`${cookie}rest`)).toBe('rest')
    }
  }
  expect(nonceCookie(none)).toBe('obMatJos2AAAA')
})

test('bits that mean nothing yet are ignored', () => {
  expect(securityFeatures('obMatJos2////x')).toEqual({ passwordAlgorithms: true, usernameAnonymity: true })
})

test.each(['', 'obMatJos2', 'obMatJos2AAA', 'obMatJos2AA=A', 'obMatJos2AA\u00e9A', 'ObMatJos2AAAC', 'xobMatJos2AAAC'])(
  '%j has no cookie',
  nonce => {
    expect(securityFeatures(nonce)).toBeUndefined()
    expect(withoutCookie(nonce)).toBe(nonce)
  },
)
