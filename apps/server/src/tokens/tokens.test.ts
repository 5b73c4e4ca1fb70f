import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FakeClock } from '@parley/testkit'
import fc from 'fast-check'
import { base64url, SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuthenticator } from './authenticator.ts'
import { addKey, formerKey, loadKey, loadTokenKey, removeKey, renewKey, tokenKeyFile } from './key.ts'
import { openKeyRing } from './key-ring.ts'
import { createTokenService, type TokenService } from './token-service.ts'

const key = new TextEncoder().encode('k'.repeat(43))
const otherKey = new TextEncoder().encode('o'.repeat(43))
const dayMs = 24 * 3600 * 1000

let clock: FakeClock
let tokens: TokenService
beforeEach(() => {
  clock = new FakeClock()
  tokens = createTokenService(key, () => clock.now())
})

/** A token as a back end might make it, right or wrong. */
function foreign(
  claims: Record<string, unknown>,
  { signer = key, alg = 'HS256', kid }: { signer?: Uint8Array; alg?: string; kid?: string } = {},
): Promise<string> {
  const seconds = Math.floor(clock.now() / 1000)
  const whole = { sub: 'ann', aud: 'parley', exp: seconds + 60, ...claims }
  return new SignJWT(whole).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(signer)
}

describe('access tokens', () => {
  it('carry claims and grants, with defaults', async () => {
    const token = await tokens.mint({ sub: 'ann', name: 'Ann', room: 'standup', grants: { chat: false } }, 60)
    expect(await tokens.verify(token)).toEqual({
      claims: {
        sub: 'ann',
        name: 'Ann',
        room: 'standup',
        grants: { publish: true, subscribe: true, chat: false, admin: false },
        guest: false,
      },
      expiresAt: clock.now() + 60_000,
    })
  })

  it('made by a back end with the same secret are as good', async () => {
    const { claims } = await tokens.verify(await foreign({ grants: { admin: true }, iat: 1, nbf: 1, custom: 'x' }))
    expect(claims).toMatchObject({ sub: 'ann', grants: { admin: true, publish: true } })
  })

  it.each([0, 2, 60])('may begin %d s ahead of our clock: that of the back end is not ours', async ahead => {
    const nbf = Math.floor(clock.now() / 1000) + ahead
    expect((await tokens.verify(await foreign({ nbf, iat: nbf }))).claims.sub).toBe('ann')
  })

  it.each(['auth0|5f7c', 'Ann Smith', '{"tenant":"a/b","id":7}', '安'.repeat(256)])(
    'are for whoever the back end says: %s',
    async sub => {
      expect((await tokens.verify(await foreign({ sub }))).claims.sub).toBe(sub)
      expect(await tokens.verifyTicket(await tokens.issueTicket('seat', sub), sub)).toBe('seat')
    },
  )

  it('say in the remedy what would help', async () => {
    const remedy = async (token: Promise<string>) => (await tokens.verify(await token).catch(error => error)).remedy
    expect(await remedy(foreign({ nbf: 99_999_999_999 }))).toContain('clocks')
    expect(await remedy(foreign({ sub: 'a\tb' }))).toContain('docs/api.md')
    expect(await remedy(foreign({}, { signer: otherKey }))).toContain('this server’s key')
  })

  it('are recognized after their end, and only then not taken', async () => {
    const token = await tokens.mint({ sub: 'ann' }, 60)
    clock.advance(30 * dayMs)
    expect((await tokens.recognize(token)).claims.sub).toBe('ann')
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token-expired' })
    await expect(tokens.recognize(await foreign({}, { signer: otherKey }))).rejects.toMatchObject({
      code: 'token-invalid',
    })
  })

  it('expire to the second', async () => {
    const token = await tokens.mint({ sub: 'ann' }, 60)
    clock.advance(59_000)
    await tokens.verify(token)
    clock.advance(1_000)
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token-expired' })
  })

  it.each<[string, () => Promise<string> | string, RegExp]>([
    ['another key', () => foreign({}, { signer: otherKey }), /another key/],
    ['another audience', () => foreign({ aud: 'elsewhere' }), /“aud”/],
    ['a ticket', () => tokens.issueTicket('session', 'ann'), /“aud”/],
    ['no expiry', () => foreign({ exp: undefined }), /“exp”/],
    ['no subject', () => foreign({ sub: undefined }), /“sub”/],
    ['not yet valid', () => foreign({ nbf: 99_999_999_999 }), /“nbf” lies more than 60 s ahead/],
    ['just beyond what clocks differ by', () => foreign({ nbf: Math.floor(clock.now() / 1000) + 61 }), /“nbf”/],
    ['a stronger algorithm', () => foreign({}, { alg: 'HS512' }), /HS256/],
    [
      'alg none',
      () => new UnsecuredJWT({ sub: 'ann' }).setAudience('parley').setExpirationTime('1h').encode(),
      /HS256|signed/,
    ],
    ['an unfit identity', () => foreign({ sub: ' ' }), /sub \(nothing but blanks\)/],
    ['a key that is not known', () => foreign({}, { kid: 'shop' }), /“kid”/],
    ['a kid that is no name', () => foreign({}, { kid: '../token' }), /“kid”/],
    ['an unfit room', () => foreign({ room: '../etc' }), /room/],
    ['unfit grants', () => foreign({ grants: { admin: 'yes' } }), /grants\.admin/],
    ['no token at all', () => 'abc', /not a signed JWT/],
    ['nothing', () => '', /not a signed JWT/],
    ['too long', () => `a.${'b'.repeat(5000)}.c`, /not a signed JWT/],
  ])('refuse %s', async (_, make, words) => {
    const token = await make()
    const refusal = tokens.verify(token)
    await expect(refusal).rejects.toMatchObject({ code: 'token-invalid', message: expect.stringMatching(words) })
    if (token) await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining(token) })
  })

  it('refuse a payload that was changed after signing', async () => {
    const [head, payload = '', signature] = (await tokens.mint({ sub: 'ann' }, 60)).split('.')
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload)))
    const forged = base64url.encode(JSON.stringify({ ...claims, grants: { admin: true } }))
    await expect(tokens.verify(`${head}.${forged}.${signature}`)).rejects.toMatchObject({ code: 'token-invalid' })
  })

  it('refuse any text with a code, never with another error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String(), { maxLength: 4 }).map(parts => parts.join('.')),
        ),
        async text => {
          await expect(tokens.verify(text)).rejects.toMatchObject({ code: 'token-invalid' })
          expect(tokens.claimsToBeGuest(text)).toBe(false)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('tickets', () => {
  it('prove a session to its identity for a day', async () => {
    const ticket = await tokens.issueTicket('seat-1', 'ann')
    expect(await tokens.verifyTicket(ticket, 'ann')).toBe('seat-1')
    expect(await tokens.verifyTicket(ticket, 'bob')).toBeUndefined()
    clock.advance(dayMs)
    expect(await tokens.verifyTicket(ticket, 'ann')).toBeUndefined()
  })

  it('are not access tokens, nor the other way round, nor another server’s', async () => {
    expect(await tokens.verifyTicket(await tokens.mint({ sub: 'ann' }, 60), 'ann')).toBeUndefined()
    expect(await tokens.verifyTicket(await foreign({ aud: 'parley-ticket' }), 'ann')).toBeUndefined()
    const elsewhere = createTokenService(otherKey, () => clock.now())
    expect(await tokens.verifyTicket(await elsewhere.issueTicket('seat-1', 'ann'), 'ann')).toBeUndefined()
    expect(await tokens.verifyTicket('rubbish', 'ann')).toBeUndefined()
  })
})

describe('who somebody is in open mode', () => {
  const open = () => createAuthenticator({ mode: 'open', tokens, now: () => clock.now() })

  it('a new guest each time without a token, the same one with the guest’s token', async () => {
    const first = await open().authenticate(undefined)
    const second = await open().authenticate(undefined)
    expect(first.claims).toMatchObject({ guest: true, grants: { publish: true, admin: false } })
    expect(first.claims.sub).not.toBe(second.claims.sub)
    expect(await open().authenticate(first.token)).toEqual(first)
  })

  it('a guest who comes back within 30 days stays the same person, with a fresh token when half is spent', async () => {
    const first = await open().authenticate(undefined)
    clock.advance(16 * dayMs)
    const later = await open().authenticate(first.token)
    expect(later.claims.sub).toBe(first.claims.sub)
    expect(later.token).not.toBe(first.token)
    clock.advance(20 * dayMs)
    expect((await open().authenticate(later.token)).claims.sub).toBe(first.claims.sub)
  })

  it('a guest whose token is spent or from before a new key is a new guest', async () => {
    const first = await open().authenticate(undefined)
    clock.advance(31 * dayMs)
    expect((await open().authenticate(first.token)).claims.sub).not.toBe(first.claims.sub)
    const oldKey = await foreign({ sub: 'guest-x', guest: true, grants: { admin: true } }, { signer: otherKey })
    const { claims } = await open().authenticate(oldKey)
    expect(claims).toMatchObject({ guest: true, grants: { admin: false } })
    expect(claims.sub).not.toBe('guest-x')
  })

  it('whoever a member’s token says; a wrong one is refused', async () => {
    const token = await tokens.mint({ sub: 'ann', name: 'Ann' }, 60)
    expect(await open().authenticate(token)).toMatchObject({ token, claims: { sub: 'ann', guest: false } })
    clock.advance(61_000)
    await expect(open().authenticate(token)).rejects.toMatchObject({ code: 'token-expired' })
    await expect(open().authenticate('rubbish')).rejects.toMatchObject({ code: 'token-invalid' })
  })
})

describe('who somebody is in token mode', () => {
  const strict = () => createAuthenticator({ mode: 'token', tokens, now: () => clock.now() })

  it('nobody without a token, and no guest', async () => {
    await expect(strict().authenticate(undefined)).rejects.toMatchObject({ code: 'unauthorized' })
    const guest = await createAuthenticator({ mode: 'open', tokens, now: () => clock.now() }).authenticate(undefined)
    await expect(strict().authenticate(guest.token)).rejects.toMatchObject({
      code: 'token-invalid',
      message: expect.stringContaining('guest'),
    })
  })

  it('whoever the token says', async () => {
    const token = await tokens.mint({ sub: 'ann', room: 'standup' }, 60)
    expect(await strict().authenticate(token)).toMatchObject({ token, claims: { sub: 'ann', room: 'standup' } })
  })
})

describe('several keys', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'parley-keys-'))
    tokens = createTokenService(openKeyRing(dataDir), () => clock.now())
  })
  afterEach(() => rmSync(dataDir, { recursive: true }))

  const signedBy = (kid: string, claims: Record<string, unknown> = {}) =>
    foreign(claims, { signer: loadKey(dataDir, kid), kid })

  it('an application has its own, which works at once and ends when it is removed', async () => {
    await expect(tokens.verify(await foreign({}, { kid: 'shop' }))).rejects.toMatchObject({ code: 'token-invalid' })
    addKey(dataDir, 'shop')
    addKey(dataDir, 'clinic')
    const token = await signedBy('shop')
    const held = await tokens.verify(token)
    expect([held.claims.sub, held.isKeyKnown()]).toEqual(['ann', true])
    expect(removeKey(dataDir, 'shop')).toBe(true)
    expect(held.isKeyKnown()).toBe(false)
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token-invalid' })
    expect((await tokens.verify(await signedBy('clinic'))).claims.sub).toBe('ann')
    expect(removeKey(dataDir, 'shop')).toBe(false)
  })

  it('one key does not stand for another, nor for the server’s own', async () => {
    addKey(dataDir, 'shop')
    addKey(dataDir, 'clinic')
    const shop = loadKey(dataDir, 'shop')
    for (const kid of ['clinic', undefined]) {
      await expect(tokens.verify(await foreign({}, { signer: shop, ...(kid && { kid }) }))).rejects.toMatchObject({
        code: 'token-invalid',
      })
    }
  })

  it('who signs with a key of their own makes neither guests nor tickets', async () => {
    addKey(dataDir, 'shop')
    expect((await tokens.verify(await signedBy('shop', { guest: true }))).claims.guest).toBe(false)
    const ticket = await signedBy('shop', { aud: 'parley-ticket', session: 'seat' })
    expect(await tokens.verifyTicket(ticket, 'ann')).toBeUndefined()
  })

  it('the server’s own is renewed without throwing anybody out, until the former one is removed', async () => {
    const token = await tokens.mint({ sub: 'ann' }, 3600)
    const ticket = await tokens.issueTicket('seat', 'ann')
    const before = readFileSync(tokenKeyFile(dataDir), 'utf8')
    renewKey(dataDir)
    expect(readFileSync(tokenKeyFile(dataDir), 'utf8')).not.toBe(before)
    expect((await tokens.verify(token)).claims.sub).toBe('ann')
    expect(await tokens.verifyTicket(ticket, 'ann')).toBe('seat')
    const fresh = await tokens.mint({ sub: 'bob' }, 3600)
    removeKey(dataDir, formerKey)
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token-invalid' })
    expect(await tokens.verifyTicket(ticket, 'ann')).toBeUndefined()
    expect((await tokens.verify(fresh)).claims.sub).toBe('bob')
  })

  it('are for the owner’s eyes, and leave no drafts', () => {
    const file = addKey(dataDir, 'shop')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['shop.key'])
    expect(() => addKey(dataDir, 'shop')).toThrow(/already/)
  })
})

describe('the key', () => {
  it('is made once, for the owner’s eyes, and is the text that other languages sign with', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-key-'))
    try {
      const made = loadTokenKey(dataDir)
      expect(statSync(tokenKeyFile(dataDir)).mode & 0o777).toBe(0o600)
      expect(loadTokenKey(dataDir)).toEqual(made)
      const secret = readFileSync(tokenKeyFile(dataDir), 'utf8').trim()
      expect(new TextDecoder().decode(made)).toBe(secret)
      expect(base64url.decode(secret)).toHaveLength(32)
      writeFileSync(tokenKeyFile(dataDir), 'short\n')
      expect(() => loadTokenKey(dataDir)).toThrow(/fewer than 32/)
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })
})
