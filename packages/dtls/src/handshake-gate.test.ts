import { expect, test } from 'vitest'
import { HandshakeGate } from './handshake-gate.ts'

function gateOf(most: number, mostOfSource: number) {
  const gate = new HandshakeGate({ most, mostOfSource })
  const gone: string[] = []
  const enter = (name: string, now: number, source: string | undefined = name) => {
    const place = gate.enter(source, now, () => {
      gone.push(name)
      place?.leave()
    })
    return place
  }
  return { gate, gone, enter }
}

test('lets the oldest stalled one of the same source give way, and nobody who may yet be done', () => {
  const { gate, gone, enter } = gateOf(10, 2)
  enter('first', 0, 'a')
  enter('second', 1500, 'a')
  expect(enter('early', 1999, 'a')).toBeUndefined()
  expect(enter('third', 2000, 'a')).toBeDefined()
  expect(enter('other', 2000, 'b')).toBeDefined()
  expect([gone, gate.inside, gate.refused, gate.gaveWay]).toEqual([['first'], 3, 1, 1])
})

test('when it is full, lets one of the source with most give way, whoever asks', () => {
  const { gate, gone, enter } = gateOf(6, 4)
  const honest = enter('honest', 0, 'h')
  for (const name of ['m1', 'm2', 'm3', 'm4']) enter(name, 10, 'm')
  enter('n1', 20, 'n')
  expect(enter('late', 3000, 'l')).toBeDefined()
  expect(gone).toEqual(['m1'])
  honest?.leave()
  honest?.leave()
  expect(gate.inside).toBe(5)
})

test('has no limit but the whole for those of no source', () => {
  const { gate, enter } = gateOf(3, 1)
  for (const name of ['x', 'y', 'z']) expect(gate.enter(undefined, 0, () => expect.unreachable(name))).toBeDefined()
  expect(enter('one too many', 100, 'o')).toBeUndefined()
})
