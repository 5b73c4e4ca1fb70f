import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SignalSequence } from './signal-sequence.ts'

test('what came already is stale, also in another order', () => {
  const sequence = new SignalSequence()
  expect(sequence.accept('a', 0)).toBe('unknown')
  sequence.adopt('a', 0)
  expect(sequence.accept('a', 0)).toBe('stale')
  expect(sequence.accept('a', 2)).toBe('next')
  expect(sequence.accept('a', 1)).toBe('stale')
  expect(sequence.accept('a', 3)).toBe('next')
})

test('a connection that was replaced stays stale, whichever side replaced it', () => {
  const sequence = new SignalSequence()
  sequence.adopt('a', 0)
  expect(sequence.accept('b', 0)).toBe('unknown')
  sequence.adopt('b', 0)
  expect(sequence.accept('a', 9)).toBe('stale')
  sequence.retire()
  expect(sequence.connection).toBeUndefined()
  expect(sequence.accept('b', 9)).toBe('stale')
  expect(sequence.accept('c', 0)).toBe('unknown')
})

test('a peer that makes up connections costs no memory without end', () => {
  const sequence = new SignalSequence()
  for (let i = 0; i < 1000; i++) sequence.adopt(`c${i}`, 0)
  expect(sequence.accept('c998', 5)).toBe('stale')
  expect(sequence.accept('c0', 5)).toBe('unknown')
})

test('however often signals are repeated, each is handled once and in order', () => {
  const delivery = fc.array(fc.nat(20), { maxLength: 100 })
  fc.assert(
    fc.property(delivery, seqs => {
      const sequence = new SignalSequence()
      sequence.adopt('a', -1)
      const handled = seqs.filter(seq => sequence.accept('a', seq) === 'next')
      expect(handled).toEqual([...new Set(handled)].sort((x, y) => x - y))
    }),
  )
})
