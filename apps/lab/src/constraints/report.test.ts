import { expect, test } from 'vitest'
import type { Comparison, Fulfilment } from './compare.ts'
import { constraintFindings } from './report.ts'

const row = (fulfilment: Fulfilment): Comparison => ({
  name: 'width',
  asked: fulfilment === 'not-asked' ? undefined : { ideal: 640 },
  got: 640,
  capability: undefined,
  fulfilment,
})
const say = (...rows: readonly Fulfilment[]) => {
  const [finding] = constraintFindings({ is: 'got', device: 'Webcam', rows: rows.map(row) })
  return `${finding?.id} ${finding?.status}`
}

test('what came, against what was asked', () => {
  expect(say('not-asked')).toBe('opened pass')
  expect(say('met', 'close')).toBe('met pass')
  expect(say('met', 'not-met')).toBe('differs warn')
  expect(say('not-told')).toBe('differs unknown')
})

test('OverconstrainedError is named with its constraint, also where the browser names none', () => {
  const refusal = { name: 'OverconstrainedError', constraint: 'width', error: 'OverconstrainedError' }
  const find = (constraint: string | undefined) =>
    constraintFindings({ is: 'refused', refusal: { ...refusal, constraint }, rows: [] })[0]
  expect(find('width')).toMatchObject({ id: 'overconstrained', status: 'fail', params: { constraint: 'width' } })
  expect(find(undefined)?.params).toEqual({ constraint: '?' })
})

test('other errors say what they are', () => {
  const refusal = { name: 'TypeError', constraint: undefined, error: 'TypeError: no' }
  expect(constraintFindings({ is: 'refused', refusal, rows: [] })[0]).toMatchObject({
    id: 'refused',
    params: { error: 'TypeError: no' },
  })
})
