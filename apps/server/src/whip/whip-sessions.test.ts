import { AppError } from '@parley/protocol'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { code, fragment, fragmentType, WhipServer } from './testing/whip-server.ts'

let server: WhipServer
beforeEach(() => {
  server = new WhipServer()
})

describe('POST', () => {
  it.each(['whip', 'whep'])('%s: a room that is full by the time that the client connects lets it go', async kind => {
    const location = await server.ask(`/${kind}/studio`)
    server.seats.refusal = new AppError('room-full', 'The room is full.')
    server.sessions.came(...server.last())
    expect(server.released).toEqual([server.last()[1]])
    expect(await code(server.send('PATCH', location, { ...fragmentType, 'if-match': '*' }, fragment))).toEqual([
      404,
      'not-found',
    ])
    expect(server.logged).toMatchObject([[{ room: 'studio', why: 'The room is full.' }, expect.any(String)]])
  })
})

describe('the SFU', () => {
  it('is waited for five seconds; a late answer disturbs nobody', async () => {
    vi.useFakeTimers()
    try {
      let late = () => {}
      server.answer = () => new Promise(resolve => (late = () => resolve({ sdp: 'late', etag: 'e', tracks: [] })))
      const asking = code(server.post('/whip/studio'))
      await vi.waitFor(() => expect(server.asked).toHaveLength(1))
      await vi.advanceTimersByTimeAsync(5_000)
      expect(await asking).toEqual([503, 'sfu-missing'])
      expect([server.sessions.waiting, server.released.length, vi.getTimerCount()]).toEqual([0, 1, 0])
      late()
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('DELETE', () => {
  it('ends one that waits for its client, and tells the SFU', async () => {
    const path = await server.ask()
    expect((await server.send('DELETE', path)).status).toBe(200)
    expect([server.released, server.sessions.waiting]).toEqual([[server.last()[1]], 0])
  })

  it('is answered for one that was given up; the log says why, once', async () => {
    const [whip, whep] = [await server.begin(), await server.ask('/whep/studio')]
    for (const [room, id] of server.about) for (const _ of 'ab') server.sessions.gone(room, id, 'nothing came for 30 s')
    expect(server.seats.seats).toBe(0)
    for (const path of [whip, whip, whep]) expect((await server.send('DELETE', path)).status).toBe(200)
    const patched = await server.send('PATCH', whip, { ...fragmentType, 'if-match': '*' }, fragment)
    expect([patched.status, await patched.text()]).toEqual([404, expect.stringContaining('nothing came for 30 s')])
    expect((await server.send('DELETE', whip.replace('studio', 'other'))).status).toBe(404)
    expect(server.logged).toEqual([
      [expect.objectContaining({ via: 'whip', why: 'nothing came for 30 s' }), expect.any(String)],
      [expect.objectContaining({ via: 'whep', why: 'nothing came for 30 s' }), expect.any(String)],
    ])
  })

  it('finds nothing when the SFU was started anew', async () => {
    const paths = [await server.begin(), await server.ask()]
    server.sessions.lost()
    for (const path of paths) expect((await server.send('DELETE', path)).status).toBe(404)
    expect(server.sessions.waiting).toBe(0)
  })

  it('finds no session whose seat was taken away', async () => {
    const path = await server.begin()
    server.seats.rooms.clear()
    expect((await server.send('DELETE', path)).status).toBe(404)
  })
})

describe('who does not connect', () => {
  it('takes no seat, and gives way: to 512 of its source, and of all sources to 1024', async () => {
    const first = await server.ask()
    await server.begin()
    for (let i = 2; i < 512; i++) await server.ask()
    expect([server.sessions.waiting, server.logged.length]).toEqual([511, 0])
    expect((await server.post('/whip/studio')).status).toBe(201)
    expect([server.seats.seats, server.sessions.waiting]).toEqual([1, 511])
    expect(await code(server.send('PATCH', first, { ...fragmentType, 'if-match': '*' }, fragment))).toEqual([
      404,
      'not-found',
    ])
    for (let i = 0; i < 700; i++) {
      server.address = `2001:db8:${i.toString(16)}::1`
      expect((await server.post('/whip/studio')).status).toBe(201)
    }
    expect([server.sessions.waiting, server.logged.length, server.released.length]).toEqual([1024, 188, 188])
  })

  it('is told apart from a source whose clients have all connected: 429', async () => {
    for (let i = 0; i < 512; i++) await server.begin()
    const refused = await server.post('/whip/studio')
    expect(await code(refused)).toEqual([429, 'over-quota'])
    server.address = '192.0.2.8'
    expect((await server.post('/whip/studio')).status).toBe(201)
  })
})
