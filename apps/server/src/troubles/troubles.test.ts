import { FakeClock } from '@parley/testkit'
import { beforeEach, expect, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { bad, good, note } from './finding.ts'
import { Troubles } from './troubles.ts'

const clock = new FakeClock()
let lines: { level: string; msg: string }[]
let troubles: Troubles
beforeEach(async () => {
  lines = []
  const write = (text: string) => void lines.push(JSON.parse(text))
  troubles = new Troubles({
    log: await createLog({ level: 'info', pretty: false, colour: false, write }),
    now: () => clock.now(),
  })
})

it('what is found is logged once with its remedy, when it changes, again each day, and when it is over', () => {
  const ends = (in_: string) => note('certificate validity', `it ends in ${in_}`, 'Renew it.')
  troubles.report('certificate', ends('3 days'), good('certificate names', 'meet.example.org'))
  troubles.report('certificate', ends('2 days'))
  clock.advance(24 * 3600 * 1000)
  troubles.report('certificate', ends('1 day'))
  troubles.report('certificate', bad('certificate validity', 'it ended', 'Renew it.'))
  expect(troubles.list()).toEqual([bad('certificate validity', 'it ended', 'Renew it.')])
  expect([...troubles.subjects()]).toEqual(['certificate'])
  troubles.report('certificate', good('certificate validity', 'until 2027'))
  expect(troubles.list()).toEqual([])
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    ['warn', 'certificate validity: it ends in 3 days. Renew it.'],
    ['warn', 'certificate validity: it ends in 1 day. Renew it.'],
    ['error', 'certificate validity: it ended. Renew it.'],
    ['info', 'certificate validity: well again'],
  ])
})
