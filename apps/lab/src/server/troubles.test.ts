import { serverTroubles } from '@parley/protocol'
import { expect, test, vi } from 'vitest'
import english from '../locales/en/index.ts'
import chinese from '../locales/zh/index.ts'
import { askTroubles, troubleFindings, troublesIn } from './troubles.ts'

type Texts = Readonly<Record<string, string>>

test('each trouble of the server is a finding with a sentence and a remedy', () => {
  const findings = troubleFindings(serverTroubles)
  expect(findings).toHaveLength(serverTroubles.length)
  for (const texts of [english.labChecks, chinese.labChecks] as Texts[]) {
    for (const { id, status } of findings) {
      expect(texts[`finding.${id}.${status}`], id).toMatch(/\S/)
      expect(texts[`remedy.${id}.${status}`], id).toMatch(/\S/)
    }
  }
})

test('what a newer server adds, or something else says, is left out', () => {
  expect(troublesIn({ auth: 'open', troubles: ['udp', 'gravity', 'clock'] })).toEqual(['udp', 'clock'])
  for (const info of [undefined, null, 'x', {}, { troubles: 'udp' }, { troubles: [{}] }])
    expect(troublesIn(info)).toEqual([])
})

test('they are asked for at /api/info; no answer is no trouble of its own', async () => {
  const { signal } = new AbortController()
  const answer = vi.fn<(input: string) => Promise<Response>>()
  vi.stubGlobal('fetch', answer)
  try {
    answer.mockResolvedValueOnce(Response.json({ troubles: ['websockets'] }))
    expect(await askTroubles(signal)).toEqual(['websockets'])
    expect(answer.mock.calls[0]?.[0]).toBe('/api/info')
    answer.mockResolvedValueOnce(new Response('away', { status: 502 }))
    expect(await askTroubles(signal)).toEqual([])
    answer.mockRejectedValueOnce(new TypeError('Failed to fetch'))
    expect(await askTroubles(signal)).toEqual([])
  } finally {
    vi.unstubAllGlobals()
  }
})
