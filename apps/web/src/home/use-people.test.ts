import { expect, it } from 'vitest'
import { sortPeople } from './use-people.ts'

it('lists those who can be called first, then by name, without oneself and without who is gone', () => {
  const people = [
    { identity: '1', name: 'Zoë', status: 'available' },
    { identity: '2', name: 'Ann (10)', status: 'available' },
    { identity: '3', name: 'Ann (2)', status: 'available' },
    { identity: '4', name: 'Bob', status: 'away' },
    { identity: '5', name: 'Carl', status: 'in-call' },
    { identity: '6', name: 'Dan', status: 'offline' },
    { identity: 'me', name: 'Me', status: 'available' },
  ] as const
  expect(sortPeople(people, 'me', 'en').map(person => person.name)).toEqual([
    'Ann (2)',
    'Ann (10)',
    'Zoë',
    'Carl',
    'Bob',
  ])
})
