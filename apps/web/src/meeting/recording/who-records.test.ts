import { expect, it } from 'vitest'
import { person, roomState } from '../testing/states.ts'
import { recordingNotes, whoRecords } from './who-records.ts'

const ann = person('ann', { recording: 20 })
const bob = person('bob', { recording: 10 })
const me = person('me', { local: true })

const said = (...[before, after]: Parameters<typeof recordingNotes>) =>
  recordingNotes(before, after).map(({ what, who, name }) => `${what} ${who} ${name}`)

it('knows who records, whoever began first first', () => {
  expect(whoRecords({ self: me, participants: [ann, person('cy'), bob] }).map(({ id }) => id)).toEqual(['bob', 'ann'])
})

it('tells when somebody begins and stops, and when whoever records leaves', () => {
  const quiet = roomState({ participants: [person('ann')] })
  const running = roomState({ participants: [ann] })
  expect(said(quiet, running)).toEqual(['started other ann'])
  expect(said(running, quiet)).toEqual(['stopped other ann'])
  expect(said(running, roomState())).toEqual(['stopped other ann'])
  expect(said(running, { ...running })).toEqual([])
  expect(said(roomState({ self: me }), roomState({ self: { ...me, recording: 5 } }))).toEqual(['started you me'])
})

it('tells those who come while it runs', () => {
  expect(said(undefined, roomState({ participants: [ann] }))).toEqual(['started other ann'])
  expect(said(undefined, roomState())).toEqual([])
})
