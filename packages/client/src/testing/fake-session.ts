import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { Clock } from '../clock.ts'
import type { FilesPlatform } from '../room/room-talk.ts'
import { LiveSession, type OpenMediaOptions } from '../session.ts'
import { Connection } from '../signalling/connection.ts'
import type { Welcome } from '../signalling/ports.ts'
import type { Room } from '../types.ts'
import { FakeServer, settle } from './fake-link.ts'
import { FakeMedia, FakeMediaStream } from './fake-media.ts'
import { FakeStore } from './fake-store.ts'
import { participant, snapshot } from './people.ts'

/** Gives tests what browsers have and Node lacks, and fails a test if an error was reported in it. */
export function imitateBrowser(): void {
  const reported: unknown[] = []
  beforeEach(() => {
    vi.stubGlobal('MediaStream', FakeMediaStream)
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    expect(reported.splice(0)).toEqual([])
  })
}

/** Keeps no files, and connects to nobody. */
const fakeFiles: FilesPlatform = {
  openConnection: () => {
    throw new Error('There is no WebRTC here.')
  },
  openStore: () => new FakeStore(),
}

/** A clock that a test moves; `testkit` has one. */
interface TestClock extends Clock {
  advance(ms: number): void
}

/** A session that has been welcomed, on a fake server and a fake media plane. */
export async function openSession<C extends TestClock>(clock: C, welcome: Partial<Welcome> = {}, hasMedia = true) {
  const server = new FakeServer()
  const media: FakeMedia[] = []
  let made: LiveSession | undefined
  const openMedia = (options: OpenMediaOptions) => {
    const plane = new FakeMedia(options)
    media.push(plane)
    return plane
  }
  const connection: Connection = new Connection({
    openLink: server.openLink,
    clock,
    random: () => 1,
    onState: state => made?.entered(state),
    onIceServers: servers => made?.renewIceServers(servers),
    onWelcome(first) {
      made ??= new LiveSession({
        connection,
        welcome: first,
        clock,
        openMedia: hasMedia ? openMedia : undefined,
        files: fakeFiles,
      })
      return made.welcomed(first)
    },
  })
  const started = connection.start()
  await settle()
  server.link.welcome({ at: clock.now(), ...welcome })
  await started
  if (!made) throw new Error('no session')
  const session = made
  return {
    clock,
    server,
    media,
    session,
    async join(others = [participant('b')]): Promise<Room> {
      const joining = session.join('tea')
      await server.link.answer('room.join', snapshot(session.id, others))
      return joining
    },
    /** The connection breaks; the next one is welcomed like this. */
    async comeBack(next: Partial<Welcome>) {
      server.link.down()
      clock.advance(500)
      await settle()
      server.link.welcome({ at: clock.now(), ...next })
      await settle()
    },
  }
}

/** A room whose media goes through the SFU, with `b` and `c`. */
export async function throughSfu<C extends TestClock>(clock: C) {
  const opened = await openSession(clock)
  const joining = opened.session.join('tea')
  const sfu = { topology: { wish: 'auto', now: 'sfu' } } as const
  await opened.server.link.answer('room.join', snapshot('s1', [participant('b'), participant('c')], sfu))
  const plane = opened.media[0] as FakeMedia
  /** The server has restarted and knows nobody: everybody joins again. */
  const startAnew = async (...others: string[]) => {
    await opened.comeBack({ resumed: false })
    const people = others.map(id => participant(id))
    await opened.server.link.answer('room.join', snapshot('s1', people, sfu))
    await opened.server.link.answer('participant.update', participant('s1'))
  }
  return { ...opened, room: await joining, plane, startAnew }
}
