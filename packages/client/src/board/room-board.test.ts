import { FakeClock } from '@parley/testkit'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { ParleyError } from '../error.ts'
import { FakeBoardServer, type FakePerson } from '../testing/fake-board-server.ts'
import { imitateBrowser } from '../testing/fake-session.ts'
import { RoomBoard } from './room-board.ts'
import type { BoardEntry } from './types.ts'

imitateBrowser()

const entry = (key: string, version = 1, more: Partial<BoardEntry> = {}): BoardEntry => ({
  key,
  version,
  nonce: 0,
  value: `${key} ${version}`,
  ...more,
})

/** Lets everything happen that waits for promises, also those of WebCrypto. */
async function settle(clock?: FakeClock): Promise<void> {
  for (let turns = 0; turns < 6; turns++) {
    await new Promise(resolve => setImmediate(resolve))
    clock?.advance(100)
  }
}

interface Someone {
  readonly board: RoomBoard
  readonly line: FakePerson
  readonly clock: FakeClock
  readonly changed: string[]
  offline(): void
  online(): void
}

function someone(server: FakeBoardServer, id: string, secret?: string): Someone {
  const clock = new FakeClock()
  const line = server.person(id)
  const board = new RoomBoard({
    room: 'tea',
    clock,
    signalling: line,
    secret,
    used: false,
    self: () => id,
    others: () => server.people.length - 1,
  })
  line.onBoard = change => board.receive(change)
  const changed: string[] = []
  board.on('changed', entries => changed.push(...entries.map(({ key, version }) => `${key} ${version}`)))
  return {
    board,
    line,
    clock,
    changed,
    offline() {
      line.connected = false
      board.suspend()
    },
    online() {
      line.connected = true
      board.resume()
    },
  }
}

const seen = ({ board }: Someone) =>
  [...board.entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, value }) => `${key}: ${value}`)

test('what is there is read page by page, and what others put comes at once', async () => {
  const server = new FakeBoardServer()
  const [ann, bob] = [someone(server, 'ann'), someone(server, 'bob')]
  ann.board.put(['a', 'b', 'c', 'd'].map(key => entry(key)))
  await settle(ann.clock)
  const opened = bob.board.open()
  expect(bob.board.state).toMatchObject({ status: 'opening' })
  await opened
  expect(bob.board.state).toMatchObject({ status: 'open', used: true })
  expect(seen(bob)).toEqual(['a: a 1', 'b: b 1', 'c: c 1', 'd: d 1'])
  ann.board.put([entry('a', 2)])
  await settle(ann.clock)
  expect(bob.changed.at(-1)).toBe('a 2')
  // What is ours is not told to us, and what was told is not asked for again.
  expect(ann.changed).toEqual([])
  expect(bob.line.asked.filter(name => name === 'board.follow')).toHaveLength(2)
  bob.board.close()
  ann.board.put([entry('a', 3)])
  await settle(ann.clock)
  expect(bob.changed.at(-1)).toBe('a 2')
  await bob.board.open()
  expect(bob.changed.at(-1)).toBe('a 3')
})

test('what is put while offline is kept, and merged with what others did meanwhile', async () => {
  const server = new FakeBoardServer()
  const [ann, bob] = [someone(server, 'ann'), someone(server, 'bob')]
  await Promise.all([ann.board.open(), bob.board.open()])
  ann.board.put([entry('a'), entry('b')])
  await settle(ann.clock)
  ann.offline()
  ann.board.put([entry('a', 3, { value: 'ann’s' }), entry('b', 2, { value: '' }), entry('new')])
  bob.board.put([entry('a', 2, { value: 'bob’s' }), entry('b', 4, { value: 'kept' }), entry('c')])
  await settle(ann.clock)
  await settle(bob.clock)
  expect(ann.board.state.unsent).toBe(3)
  ann.online()
  await settle(ann.clock)
  const all = ['a: ann’s', 'b: kept', 'c: c 1', 'new: new 1']
  expect([seen(ann), seen(bob)]).toEqual([all, all])
  expect(ann.board.state.unsent).toBe(0)
})

test('after a restart of the server, those who have the board put it there again', async () => {
  const server = new FakeBoardServer()
  const [ann, bob] = [someone(server, 'ann'), someone(server, 'bob')]
  await Promise.all([ann.board.open(), bob.board.open()])
  ann.board.put([entry('a'), entry('b', 2, { value: '' })])
  await settle(ann.clock)
  for (const one of [ann, bob]) one.offline()
  server.restart()
  bob.board.put([entry('c')])
  for (const one of [ann, bob]) one.online()
  await settle(ann.clock)
  await settle(bob.clock)
  const cho = someone(server, 'cho')
  await cho.board.open()
  for (const one of [ann, bob, cho]) expect(seen(one)).toEqual(['a: a 1', 'b: ', 'c: c 1'])
})

test('what the server has forgotten as deleted is deleted here, but what we have to tell is not', async () => {
  const server = new FakeBoardServer()
  const ann = someone(server, 'ann')
  await ann.board.open()
  ann.board.put([entry('a'), entry('b'), entry('c')])
  await settle(ann.clock)
  ann.offline()
  ann.board.put([entry('c', 2)])
  server.entries.delete('a')
  server.entries.delete('c')
  server.page = () => ({ ...FakeBoardServer.prototype.page.call(server, undefined), whole: true })
  ann.online()
  await settle(ann.clock)
  expect(seen(ann)).toEqual(['a: ', 'b: b 1', 'c: c 2'])
  expect(ann.changed).toEqual(['a 2'])
  expect(server.entries.has('c')).toBe(true)
})

test('a change that was missed is noticed by the next, and asked for', async () => {
  const server = new FakeBoardServer()
  const [ann, bob] = [someone(server, 'ann'), someone(server, 'bob')]
  await bob.board.open()
  const hear = bob.line.hear
  bob.line.hear = () => {}
  ann.board.put([entry('lost')])
  await settle(ann.clock)
  bob.line.hear = hear
  ann.board.put([entry('heard')])
  await settle(ann.clock)
  expect(seen(bob)).toEqual(['heard: heard 1', 'lost: lost 1'])
})

test('a full board takes what makes space first, says so, and is tried again', async () => {
  const server = new FakeBoardServer()
  server.refuse = entries =>
    entries.some(({ value }) => value.length > 100) ? new ParleyError('board-full') : undefined
  const ann = someone(server, 'ann')
  await ann.board.open()
  const big = entry('big', 1, { value: 'x'.repeat(200) })
  ann.board.put([big, entry('small'), entry('gone', 1, { value: '' })])
  await settle(ann.clock)
  expect([...server.entries.keys()].sort()).toEqual(['gone', 'small'])
  expect(ann.board.state).toMatchObject({ unsent: 1, problem: { code: 'board-full' } })
  expect(ann.board.entries.get('big')).toEqual(big)
  server.refuse = undefined
  ann.clock.advance(10_000)
  await settle(ann.clock)
  expect(ann.board.state).toMatchObject({ unsent: 0, problem: undefined })
  expect(server.entries.has('big')).toBe(true)
})

test('what the server will never take does not stand in the way of the rest', async () => {
  const server = new FakeBoardServer()
  server.refuse = entries => (entries.some(({ key }) => key === 'bad') ? new ParleyError('bad-request') : undefined)
  const ann = someone(server, 'ann')
  ann.board.put([entry('a'), entry('bad'), entry('b')])
  await settle(ann.clock)
  expect([...server.entries.keys()].sort()).toEqual(['a', 'b'])
  expect(ann.board.state.unsent).toBe(0)
})

test('a server that has no time is asked again', async () => {
  const server = new FakeBoardServer()
  let refusals = 2
  server.refuse = () => (refusals-- > 0 ? new ParleyError('rate-limited') : undefined)
  const ann = someone(server, 'ann')
  ann.board.put([entry('a')])
  await settle(ann.clock)
  await settle(ann.clock)
  await settle(ann.clock)
  ann.clock.advance(2000)
  await settle(ann.clock)
  ann.clock.advance(2000)
  await settle(ann.clock)
  expect(server.entries.has('a')).toBe(true)
})

test('what is too large is refused at once, and nothing of it is written', () => {
  const ann = someone(new FakeBoardServer(), 'ann')
  const huge = entry('a', 1, { value: 'x'.repeat(200_000) })
  expect(() => ann.board.put([entry('b'), huge])).toThrow(expect.objectContaining({ code: 'too-large' }))
  // Few characters, but many bytes as JSON.
  expect(() => ann.board.put([entry('c', 1, { value: '"'.repeat(150_000) })])).toThrow()
  expect(ann.board.entries.size).toBe(0)
})

test('with a secret, the server reads nothing of it, and who has another secret is told that they cannot', async () => {
  const server = new FakeBoardServer()
  const [ann, bob, eve, ned] = [
    someone(server, 'ann', 'a secret of sixteen'),
    someone(server, 'bob', 'a secret of sixteen'),
    someone(server, 'eve', 'another secret of hers'),
    someone(server, 'ned'),
  ] as const
  await Promise.all([ann, bob, eve, ned].map(one => one.board.open()))
  ann.board.put([
    entry('a', 1, { value: '你好' }),
    entry('b', 1, { value: '' }),
    entry('c', 1, { value: 'x'.repeat(50_000) }),
  ])
  await vi.waitFor(() => {
    ann.clock.advance(100)
    expect(bob.board.entries.size).toBe(3)
  })
  expect(seen(bob).slice(0, 2)).toEqual(['a: 你好', 'b: '])
  expect(bob.board.entries.get('c')?.value).toHaveLength(50_000)
  expect([...server.entries.values()].map(({ entry }) => entry.gone)).toEqual(expect.arrayContaining([true, undefined]))
  for (const { entry } of server.entries.values()) expect(entry.value).toMatch(/^e1\.[\w+/]+$/)
  for (const one of [eve, ned]) {
    await vi.waitFor(() => expect(one.board.state.unreadable).toBe(3))
    expect(one.board.entries.size).toBe(0)
  }
  // Neither what a server passes off as something else, nor what is not encrypted, is taken for what it claims to be.
  const a = server.entries.get('a')?.entry as BoardEntry
  bob.board.receive({
    room: 'tea',
    from: 'x',
    board: server.id,
    after: server.revision,
    revision: server.revision,
    entries: [
      { ...a, version: 7 },
      { ...entry('b', 9), value: 'plain' },
    ],
  })
  await settle()
  await vi.waitFor(() => expect(bob.board.state.unreadable).toBe(2))
  expect(seen(bob).slice(0, 2)).toEqual(['a: 你好', 'b: '])

  const pointed: unknown[] = []
  bob.board.on('cursor', cursor => pointed.push(cursor))
  ann.board.point('[1,2]')
  await vi.waitFor(() => expect(ann.line.cursors).toHaveLength(1))
  const [cursor = ''] = ann.line.cursors
  expect(cursor).toMatch(/^e1\./)
  bob.board.receiveCursor({ room: 'tea', from: 'eve', cursor })
  bob.board.receiveCursor({ room: 'tea', from: 'ann', cursor })
  bob.board.receiveCursor({ room: 'tea', from: 'ann', cursor: '' })
  await vi.waitFor(() =>
    expect(pointed).toEqual([
      { from: 'ann', cursor: '[1,2]' },
      { from: 'ann', cursor: undefined },
    ]),
  )
})

test('cursors are sent now and then, the latest at last, and taken away when the board is closed', async () => {
  const ann = someone(new FakeBoardServer(), 'ann')
  ann.board.point('before it is open')
  await ann.board.open()
  for (let i = 0; i < 50; i++) {
    ann.board.point(`${i}`)
    ann.clock.advance(10)
  }
  ann.clock.advance(100)
  ann.clock.advance(100)
  expect(ann.line.cursors).toEqual(['0', '9', '19', '29', '39', '49'])
  ann.board.close()
  await settle(ann.clock)
  expect(ann.line.cursors.at(-1)).toBe('')
  expect(ann.line.following).toBe(false)
})

test('after the end nothing is sent, and nobody waits', async () => {
  const ann = someone(new FakeBoardServer(), 'ann')
  ann.offline()
  const opened = ann.board.open()
  ann.board.end()
  await opened
  ann.board.put([entry('a')])
  ann.board.resume()
  await settle(ann.clock)
  expect(ann.line.asked.filter(name => name === 'board.put')).toEqual([])
  expect(ann.board.state.status).toBe('closed')
})

test('whatever three people do, and whoever is offline meanwhile, they end up with the same board', async () => {
  const act = fc.oneof(
    fc.record({
      what: fc.constant('put' as const),
      who: fc.nat(2),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      nonce: fc.nat(3),
      gone: fc.boolean(),
    }),
    fc.record({ what: fc.constantFrom('off' as const, 'on' as const, 'wait' as const), who: fc.nat(2) }),
    fc.record({ what: fc.constant('restart' as const), who: fc.nat(2) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async acts => {
      const server = new FakeBoardServer()
      const people = ['ann', 'bob', 'cho'].map(id => someone(server, id))
      await Promise.all(people.map(({ board }) => board.open()))
      for (const one of acts) {
        const person = people[one.who] as Someone
        if (one.what === 'put') {
          const version = (person.board.entries.get(one.key)?.version ?? 0) + 1
          const value = one.gone ? '' : `${one.who} ${version}`
          // Two people may choose the same nonce: then it is the same value.
          const nonce = one.nonce * 8 + one.who * 2 + Number(one.gone)
          person.board.put([{ key: one.key, version, nonce, value }])
        } else if (one.what === 'off') person.offline()
        else if (one.what === 'on') person.online()
        else if (one.what === 'wait') await settle(person.clock)
        else {
          for (const each of people) each.offline()
          server.restart()
        }
      }
      for (const person of people) {
        person.offline()
        person.online()
      }
      for (let round = 0; round < 4; round++) for (const { clock } of people) await settle(clock)
      const [first, ...others] = people.map(seen)
      for (const other of others) expect(other).toEqual(first)
      expect(people.map(({ board }) => board.state.unsent)).toEqual([0, 0, 0])
    }),
    { numRuns: 40 },
  )
})
