import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connect } from './connect.ts'

beforeEach(() => void vi.stubGlobal('location', { href: 'https://app.example/page' }))
afterEach(() => void vi.unstubAllGlobals())

test.each([
  'https://',
  'http://',
  'localhost:8443',
  'meet.example.org:443/parley',
  'ftp://meet.example',
  'javascript:1',
  'data:,',
  'https://a b',
])('%s is refused at once, in words', async url => {
  const error = await connect(url).catch(error => error)
  expect(error).toMatchObject({ name: 'ParleyError', code: 'bad-address' })
  expect(error.message).toContain(url)
  expect(error.remedy).toContain('https://')
})

test('says how an address without its scheme is written', async () => {
  await expect(connect('localhost:8443')).rejects.toMatchObject({ remedy: 'Write https://localhost:8443.' })
})

test('whoever has given up already opens nothing', async () => {
  await expect(connect('/', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'closed' })
})
