import { expect, test } from 'vitest'
import type { Json } from '../report/report.ts'
import { candidateOf } from './gathering.ts'
import { readTrickle, type TrickleResult, trickleFindings, trickleReport } from './report.ts'

const result: TrickleResult = {
  gathering: {
    candidates: [candidateOf({ type: 'host', address: '192.0.2.1', port: 4, priority: 2122260223 }, 3)],
    errors: [{ atMs: 5, url: 'stun:a.example', code: 701, text: 'timed out', from: '', fromPort: undefined }],
    end: { by: 'limit', atMs: 1000 },
  },
  judged: [{ url: 'stun:a.example', verdict: { is: 'no-answer', withinMs: 1000 } }],
}

test('a report can be read again; anything else is not taken', () => {
  expect(readTrickle(trickleReport({}, result).data)).toEqual(JSON.parse(JSON.stringify(result)))
  const broken: Json[] = [
    null,
    {},
    { gathering: {}, judged: [] },
    { gathering: { candidates: [{}], errors: [] }, judged: [] },
    { gathering: { candidates: [], errors: [{ code: '701' }] }, judged: [] },
    { gathering: { candidates: [], errors: [] }, judged: [{ url: 'x', verdict: { is: 'splendid' } }] },
    { gathering: { candidates: [], errors: [], end: 4 }, judged: [] },
  ]
  for (const data of broken) expect(readTrickle(data), JSON.stringify(data)).toBeUndefined()
})

test('servers with the same fate share a sentence; the whole speaks where all is well', () => {
  const ok = (url: string) => ({ url, verdict: { is: 'ok', atMs: 1, address: 'x' } }) as const
  const two = trickleFindings({ ...result, judged: [ok('turn:a'), ok('turn:b')] })
  expect(two.map(({ id, status }) => `${id} ${status}`)).toEqual(['overall pass', 'ok pass', 'gathered pass'])
  expect(two[1]?.params).toEqual({ servers: 'turn:a, turn:b' })
  expect(trickleFindings(result)[0]).toMatchObject({ id: 'no-answer', status: 'fail' })
  expect(trickleFindings({ ...result, judged: [] }).map(({ id }) => id)).toEqual(['gathered'])
})
