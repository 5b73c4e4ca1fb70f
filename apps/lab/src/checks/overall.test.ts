import { expect, test } from 'vitest'
import type { FindingStatus } from '../report/report.ts'
import { underOneMs, withOverall } from './overall.ts'

const first = (...statuses: readonly FindingStatus[]) => {
  const [finding] = withOverall(statuses.map((status, index) => ({ id: `f${index}`, status })))
  return finding && `${finding.id} ${finding.status}`
}

test('where nothing is wrong the whole speaks first, else the worst does', () => {
  expect(first('pass', 'pass')).toBe('overall pass')
  expect(first('pass', 'unknown')).toBe('overall unknown')
  expect(first('warn', 'pass')).toBe('f0 warn')
  expect(first('fail', 'unknown')).toBe('f0 fail')
})

test('no time is 0', () => {
  expect(underOneMs(0)).toBe('< 1 ms')
  expect(underOneMs(1)).toBeUndefined()
  expect(underOneMs(undefined)).toBeUndefined()
})
