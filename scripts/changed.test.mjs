import { expect, test } from 'vitest'
import { testsFor } from './changed.mjs'

const folders = tests => tests.filter(name => name.endsWith('/'))
const suites = tests => tests.filter(name => name.endsWith('.test.ts'))

test('a package: its tests, those of all that use it, and what runs them in browsers', () => {
  const tests = testsFor(['packages/srtp/src/sender.ts'])
  expect(folders(tests)).toEqual([
    'packages/dtls/',
    'packages/edge/',
    'packages/sfu/',
    'packages/srtp/',
    'apps/server/',
  ])
  expect(suites(tests)).toEqual(
    expect.arrayContaining(['e2e/turn/tls.test.ts', 'e2e/lab/nat.test.ts', 'e2e/calls.test.ts']),
  )
})

test('one app: not the tests that do not open it', () => {
  const tests = testsFor(['apps/lab/src/nat/page.tsx'])
  expect(folders(tests)).toEqual(['apps/lab/'])
  expect(suites(tests)).toContain('e2e/lab/nat.test.ts')
  expect(suites(tests).filter(name => /^e2e\/(client|nat|sfu|turn)\//.test(name))).toEqual([])
})

test('tests: themselves; their helpers: all of e2e', () => {
  expect(testsFor(['e2e/calls.test.ts'])).toEqual(['e2e/calls.test.ts'])
  const all = testsFor(['e2e/harness/person.ts'])
  expect(folders(all)).toEqual([])
  expect(suites(all)).toEqual(expect.arrayContaining(['e2e/calls.test.ts', 'e2e/turn/tls.test.ts']))
})

test('what belongs to no workspace, one that is gone included: everything', () => {
  expect(testsFor(['package-lock.json'])).toBeUndefined()
  expect(testsFor(['packages/gone/src/index.ts', 'packages/srtp/src/sender.ts'])).toBeUndefined()
})

test('documents and benches: nothing', () => {
  expect(testsFor(['docs/bench.md', 'bench/sfu.bench.ts', 'README.md', 'packages/srtp/README.md'])).toEqual([])
})
