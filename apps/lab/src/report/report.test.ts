import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportFromJson, reportToJson, toJsonValue } from './json.ts'
import { allFindings, makeReport, type Report, worst } from './report.ts'
import { type ReportWords, reportToText } from './text.ts'

const at = new Date('2026-01-31T14:22:33Z')
const report: Report = makeReport(
  {
    page: 'checks',
    settings: { relayOnly: true, servers: ['stun:a'] },
    findings: [],
    parts: [
      makeReport(
        {
          page: 'trickle',
          settings: {},
          findings: [
            {
              id: 'server-answers',
              status: 'fail',
              params: { server: 'stun:a', rtt: { missing: 'timed-out' } },
              evidence: { code: 701, text: 'STUN binding request timed out.' },
            },
            { id: 'host', status: 'pass' },
          ],
        },
        at,
        'Browser/1',
      ),
    ],
  },
  at,
  'Browser/1',
)

describe('a report as JSON', () => {
  it('comes back as it was', () => {
    expect(reportFromJson(reportToJson(report))).toEqual({ ok: true, value: report })
  })

  const broken = (change: (raw: Record<string, unknown>) => void) => {
    const raw = JSON.parse(reportToJson(report))
    change(raw)
    const result = reportFromJson(JSON.stringify(raw))
    return result.ok ? undefined : result.problem
  }

  it.each([
    ['', { code: 'not-json' }],
    ['{', { code: 'not-json' }],
    ['null', { code: 'not-a-report' }],
    ['[]', { code: 'not-a-report' }],
    ['{"format":"something"}', { code: 'not-a-report' }],
  ])('refuses %j by name', (text, problem) => {
    expect(reportFromJson(text)).toEqual({ ok: false, problem })
  })

  it('says which part is wrong', () => {
    expect(broken(raw => Object.assign(raw, { version: 7 }))).toEqual({ code: 'newer-version', version: 7 })
    expect(broken(raw => Object.assign(raw, { madeAt: 'yesterday' }))).toEqual({ code: 'broken', place: 'madeAt' })
    expect(broken(raw => Object.assign(raw, { settings: { a: null } }))).toEqual({
      code: 'broken',
      place: 'settings.a',
    })
    expect(
      broken(raw => Object.assign((raw.parts as [{ findings: [object] }])[0].findings[0], { status: 'ok' })),
    ).toEqual({
      code: 'broken',
      place: 'parts.0.findings.0',
    })
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        reportFromJson(JSON.stringify({ ...report, findings: value }))
        reportFromJson(JSON.stringify({ ...report, parts: [value] }))
      }),
    )
  })
})

it('leaves out what JSON cannot carry', () => {
  expect(toJsonValue({ a: Number.NaN, b: Number.POSITIVE_INFINITY, c: 1, d: undefined })).toEqual({ c: 1 })
})

it('is as bad as its worst finding', () => {
  expect(worst(allFindings(report).map(({ finding }) => finding.status))).toBe('fail')
  expect(worst(['pass', 'warn', 'unknown'])).toBe('warn')
  expect(worst([])).toBe('unknown')
})

it('reads as plain text: words first, evidence below', () => {
  const words: ReportWords = {
    title: page => page,
    status: status => status,
    sentence: (_page, { id }) => `It is ${id}.`,
    remedy: (_page, { status }) => (status === 'fail' ? 'Mend it.' : undefined),
    label: name => name,
  }
  expect(reportToText(report, words)).toBe(
    [
      'checks',
      '',
      '[fail] trickle: It is server-answers.',
      '    → Mend it.',
      '[pass] trickle: It is host.',
      '',
      'made: 2026-01-31T14:22:33.000Z',
      'browser: Browser/1',
      'settings: relayOnly=true, servers=["stun:a"]',
      '',
      'evidence',
      'trickle/server-answers',
      '    code: 701',
      '    text: STUN binding request timed out.',
      '',
    ].join('\n'),
  )
})
