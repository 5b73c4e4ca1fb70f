import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ flags: ['--auth', 'token'] })
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

/** Opens a room with a token in the fragment, as a personal invitation does. */
async function openWith(token: string | undefined, room = 'team', initScript = '') {
  const person = await stage.stranger({ initScript })
  await person.page.goto(`${stage.parley.url}/r/${room}${token ? `#token=${token}` : ''}`)
  return person
}

const hourAhead = '{ const now = Date.now; Date.now = () => now() + 3_600_000 }'

/** A token made the way a back end makes them, with the key in the data folder. */
async function backEndToken(expiresAt: string, room: string): Promise<string> {
  const key = new TextEncoder().encode((await readFile(join(stage.parley.dataDir, 'token.key'), 'utf8')).trim())
  return new SignJWT({ room, name: 'Ann' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('ann')
    .setAudience('parley')
    .setExpirationTime(expiresAt)
    .sign(key)
}

it('two people with tokens, from the command line and from a back end, meet', async () => {
  const ann = await openWith(await backEndToken('1h', 'team'))
  const bob = await openWith(await stage.parley.token('--room', 'team', '--name', 'Bob'))
  for (const person of [ann, bob]) {
    await person.page.getByRole('button', { name: /^join/i }).click()
    await person.page.getByRole('button', { name: 'Leave' }).waitFor()
  }
  await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])
})

it('without a token: told that an invitation is needed', async () => {
  const person = await openWith(undefined)
  await person.page.getByText('You need an invitation').first().waitFor()
})

it('with an expired token: told so', async () => {
  const person = await openWith(await backEndToken('-1h', 'team'))
  await person.page.getByText('This invitation has expired').first().waitFor()
})

it('with an expired token, on a device whose clock is wrong: told that too', async () => {
  const person = await openWith(await backEndToken('-1h', 'team'), 'team', hourAhead)
  await person.page.getByText('This invitation has expired').first().waitFor()
  await person.page.getByText('This device’s clock is 60 minutes ahead of the server’s.').waitFor()
})

it('a guest whose clock is wrong gets in, and the server names that clock to its operator', async () => {
  const person = await openWith(await backEndToken('1h', 'team'), 'team', hourAhead)
  await person.page.getByRole('button', { name: /^join/i }).waitFor()
  await expect
    .poll(() => stage.parley.admin('/api/troubles'), { interval: 1_000 })
    .toMatchObject({
      troubles: expect.arrayContaining([
        expect.objectContaining({
          check: 'clock beside those of guests',
          detail: expect.stringMatching(/^a guest’s clock is (59|60) min ahead of this one/),
        }),
      ]),
    })
})

it('a link with a token that is pasted into the open tab is taken, and the address is clean again', async () => {
  const person = await openWith(await backEndToken('-1h', 'team'))
  await person.page.getByText('This invitation has expired').first().waitFor()
  const fresh = await stage.parley.token('--room', 'team', '--name', 'Ann')
  await person.page.evaluate(token => location.assign(`#token=${token}`), fresh)
  await person.page.getByRole('button', { name: /^join/i }).click()
  await person.page.getByRole('button', { name: 'Leave' }).waitFor()
  await expect.poll(() => person.page.url()).toBe(`${stage.parley.url}/r/team`)
})

it('with a damaged token: told so', async () => {
  const token = await backEndToken('1h', 'team')
  const person = await openWith(`${token.slice(0, -6)}AAAAAA`)
  await person.page.getByText('This invitation is not valid here').first().waitFor()
})

it('with a token for another room: told so', async () => {
  const person = await openWith(await backEndToken('1h', 'other'))
  // In the green room, before anybody has pressed a button.
  await person.page.getByText('Your invitation does not cover this').first().waitFor()
})
