import { expect, test } from 'vitest'
import {
  AppError,
  clientId,
  displayName,
  type ErrorCode,
  errorCodes,
  events,
  explain,
  handshake,
  identity,
  limits,
  metadata,
  relayMessage,
  requests,
  roomName,
  signalBody,
  tokenClaims,
} from './index.ts'

const fits = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success

test.each(['a', 'daily', '7', 'Grüße', '房间-1', 'हिन्दी', 'a_b-c', 'x'.repeat(64)])('%j names a room', name => {
  expect(fits(roomName, name)).toBe(true)
})

test.each(['', '-a', '_a', 'a b', 'a/b', 'a.b', '..', 'a\n', '👋', 'x'.repeat(65), 7, null])(
  '%j names no room',
  name => {
    expect(fits(roomName, name)).toBe(false)
  },
)

test.each([
  ...['ann', 'ann@example.org', 'guest:1a+b', '安', 'auth0|5f7c', 'Ann Smith', '@ann', 'a/b', '{"id":7}'],
  ...['x', 'x'.repeat(256), '🦊'.repeat(256)],
])('%j is an identity', value => {
  expect(fits(identity, value)).toBe(true)
})

test.each(['', ' ', 'a\tb', 'a\u0000', 'a\u202eb', '\ud83e', 'x'.repeat(257)])('%j is no identity', value => {
  expect(fits(identity, value)).toBe(false)
})

test.each([
  ['Ann', 'Ann'],
  ['  Ann ', 'Ann'],
  ['👩‍👩‍👧 family', '👩‍👩‍👧 family'],
])('people can be called %j', (name, kept) => {
  expect(displayName.parse(name)).toBe(kept)
})

test.each(['', '   ', 'a\nb', 'a\u0000', 'evil\u202etxt', '\ud800', 'x'.repeat(65)])('nobody is called %j', name => {
  expect(fits(displayName, name)).toBe(false)
})

test('sizes are bounded', () => {
  expect(fits(metadata, 'x'.repeat(limits.metadataChars + 1))).toBe(false)
  expect(fits(clientId, 'x'.repeat(65))).toBe(false)
  const chat = (text: string) => ({ room: 'x', id: '1', text })
  expect(fits(requests['chat.send'].input, chat('x'.repeat(limits.chatTextChars)))).toBe(true)
  expect(fits(requests['chat.send'].input, chat('x'.repeat(limits.chatTextChars + 1)))).toBe(false)
  expect(fits(requests['chat.send'].input, chat(''))).toBe(false)
  const tracks = new Array(limits.tracksPerParticipant + 1).fill({ id: 't', source: 'camera', muted: true })
  expect(fits(requests['participant.update'].input, { room: 'x', tracks })).toBe(false)
  for (const capacity of [1, 2.5, limits.roomCapacityMax + 1]) {
    expect(fits(requests['room.join'].input, { room: 'x', capacity })).toBe(false)
  }
})

test('a largest description still fits a message', () => {
  expect(limits.sdpChars).toBeLessThan(limits.messageBytes)
  const signal = { kind: 'description', description: { type: 'offer', sdp: 'x'.repeat(limits.sdpChars) } }
  const message = { room: 'x'.repeat(64), to: 'x'.repeat(64), connection: 'x'.repeat(64), seq: 2 ** 53 - 1, signal }
  expect(fits(requests['signal.send'].input, message)).toBe(true)
  expect(JSON.stringify(['signal.send', message]).length).toBeLessThan(limits.messageBytes)
})

test('a largest answer to the SFU still fits a message', () => {
  const signal = { kind: 'description', description: { type: 'answer', sdp: 'x'.repeat(limits.mediaSdpChars) } }
  const message = { room: 'x'.repeat(64), side: 'subscribe', connection: 'x'.repeat(64), seq: 2 ** 53 - 1, signal }
  expect(fits(requests['media.negotiate'].input, message)).toBe(true)
  expect(JSON.stringify(['media.negotiate', message]).length).toBeLessThan(limits.messageBytes)
})

test('signals are of the four kinds, and nothing else', () => {
  const body = (signal: unknown) => ({ connection: 'pc', seq: 0, signal })
  expect(fits(signalBody, body({ kind: 'restart' }))).toBe(true)
  expect(fits(signalBody, body({ kind: 'candidate', candidate: null }))).toBe(true)
  expect(fits(signalBody, body({ kind: 'candidate', candidate: { candidate: '', sdpMid: null } }))).toBe(true)
  for (const signal of [{ kind: 'other' }, { kind: 'close', more: 1 }, { kind: 'description' }, null, 'restart']) {
    expect(fits(signalBody, body(signal))).toBe(false)
  }
})

test.each(['__proto__', 'constructor', 'prototype', 'other'])('the handshake has no field %s', key => {
  expect(fits(handshake, JSON.parse(`{"${key}":{}}`))).toBe(false)
})

test('a token without grants may do everything but administrate', () => {
  expect(tokenClaims.parse({ sub: 'ann', iat: 1, exp: 2, aud: 'parley' })).toEqual({
    sub: 'ann',
    guest: false,
    grants: { publish: true, subscribe: true, chat: true, admin: false },
  })
  expect(tokenClaims.parse({ sub: 'ann', grants: { chat: false, admin: true } }).grants).toEqual({
    publish: true,
    subscribe: true,
    chat: false,
    admin: true,
  })
})

test.each([
  {},
  { sub: '' },
  { sub: 'ann', room: 'a/b' },
  { sub: 'ann', grants: { chat: 'yes' } },
  { sub: 'ann', name: '' },
])('%j are no claims', claims => expect(fits(tokenClaims, claims)).toBe(false))

test('a relay message is any object with a type', () => {
  for (const good of [{ type: 'offer' }, { type: 'x', anything: [1, { else: 2 }] }])
    expect(fits(relayMessage, good)).toBe(true)
  for (const bad of [null, 'offer', [], {}, { type: 1 }, { type: '' }]) expect(fits(relayMessage, bad)).toBe(false)
})

test('names are what Socket.IO can carry', () => {
  const reserved = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener', 'error']
  const names = [...Object.keys(requests), ...Object.keys(events)]
  for (const name of names) expect(reserved).not.toContain(name)
  expect(new Set(names).size).toBe(names.length)
})

test.each(Object.keys(errorCodes) as ErrorCode[])('%s says what happened and what to do', code => {
  const error = new AppError(code, undefined, { cause: 'a secret' })
  expect(error.toJSON()).toEqual({ code, message: errorCodes[code].message, remedy: errorCodes[code].remedy })
  expect(JSON.stringify(error)).not.toContain('secret')
  expect(errorCodes[code].status).toBeGreaterThanOrEqual(400)
  for (const sentence of [error.message, error.remedy]) expect(sentence).toMatch(/^[A-Z].*\.$/)
})

test.each([
  [requests['room.join'].input, {}, /^room: /],
  [
    requests['participant.update'].input,
    { room: 'x', tracks: [{ id: 't', source: 'tv', muted: true }] },
    /^tracks\[0\]\.source: /,
  ],
  [requests['ice.servers'].input, 7, /object/],
  [requests['room.leave'].input, { room: 'x', extra: 1 }, /extra/],
])('what is wrong is said with its place', (schema, value, words) => {
  const { error } = schema.safeParse(value)
  expect(error && explain(error)).toMatch(words)
})
