import { expect, it } from 'vitest'
import { createLog } from './log.ts'

const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ'

async function logged(pretty: boolean, write: (log: Awaited<ReturnType<typeof createLog>>) => void): Promise<string> {
  let text = ''
  const log = await createLog({
    level: 'info',
    pretty,
    colour: false,
    write: line => {
      text += line
    },
  })
  write(log)
  return text
}

it.each([false, true])('no token gets into the log, wherever it hides (pretty: %s)', async pretty => {
  const text = await logged(pretty, log => {
    log.info({ token, auth: { ticket: token }, headers: { authorization: 'Basic secret' } }, `with ${token}`)
    log.error({ err: new Error(`bad token ${token}`), url: `/x?token=${token}` })
    log.warn(`Bearer ${token}, ${token}`)
  })
  expect(text).not.toContain('eyJ')
  expect(text).not.toContain('c2lnbmF0')
  expect(text).not.toContain('Basic secret')
  expect(text).toContain('bad token [token]')
})

it('writes one JSON object a line for machines, and words for people', async () => {
  const json = await logged(false, log => {
    log.info({ names: ['a'] }, 'certificate issued')
    log.debug('not at this level')
  })
  expect(json.trim().split('\n')).toHaveLength(1)
  expect(JSON.parse(json)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    names: ['a'],
    msg: 'certificate issued',
  })
  expect(await logged(true, log => log.warn('careful'))).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: careful\n$/)
})
