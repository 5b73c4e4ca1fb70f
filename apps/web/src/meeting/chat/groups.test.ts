import { expect, it } from 'vitest'
import { message } from '../testing/states.ts'
import { groupMessages } from './groups.ts'

const self = { identity: 'me', name: 'Me' }
const minute = 60_000

it('groups what one person wrote within five minutes', () => {
  const groups = groupMessages(
    [
      message('1', 'ann', 'a', 0),
      message('2', 'ann', 'b', minute),
      message('3', 'ben', 'c', 2 * minute),
      message('4', 'ann', 'd', 3 * minute),
      message('5', 'ann', 'e', 9 * minute),
    ],
    [],
    self,
  )
  expect(groups.map(group => [group.name, group.lines.map(line => line.text)])).toEqual([
    ['ann', ['a', 'b']],
    ['ben', ['c']],
    ['ann', ['d']],
    ['ann', ['e']],
  ])
})

it('adds unsent messages to our own last group', () => {
  const groups = groupMessages(
    [{ ...message('1', 'me', 'sent', 0), from: { id: 'x', identity: 'me', name: 'Me' } }],
    [{ id: 'pending-1', text: 'on its way', at: 1000, status: 'sending' }],
    self,
  )
  expect(groups).toHaveLength(1)
  expect(groups[0]).toMatchObject({ own: true, lines: [{ status: 'sent' }, { status: 'sending' }] })
})

it('keeps people apart who have the same name', () => {
  const twin = (id: string, at: number) => ({
    ...message(`m-${id}`, id, 'hi', at),
    from: { id, identity: id, name: 'Sam' },
  })
  expect(groupMessages([twin('1', 0), twin('2', 1)], [], self)).toHaveLength(2)
})
