import { FakeClock } from '@parley/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../testing/until.ts'
import { checkE2ee, createE2eeSecret, RoomEncryption, supportsE2ee } from './room-encryption.ts'
import type { FromWorker, Reading, ToWorker } from './worker-messages.ts'

const secret = createE2eeSecret()
/** A browser that can. */
const capable = { Worker: class {}, RTCRtpScriptTransform: class {} }

beforeEach(() => {
  for (const [name, value] of Object.entries(capable)) vi.stubGlobal(name, value)
})
afterEach(() => vi.unstubAllGlobals())

/** The worker's end of the channel. */
class FakeWorker {
  readonly told: ToWorker[] = []
  terminated = false
  onmessage: ((event: { data: FromWorker }) => void) | null = null

  postMessage(message: ToWorker): void {
    this.told.push(message)
  }

  terminate(): void {
    this.terminated = true
  }

  say(data: FromWorker): void {
    this.onmessage?.({ data })
  }

  of<T extends ToWorker['type']>(type: T): Extract<ToWorker, { type: T }>[] {
    return this.told.filter((each): each is Extract<ToWorker, { type: T }> => each.type === type)
  }
}

/** People of one room, who hear each other's keys at once. */
class Tea {
  readonly clock = new FakeClock()
  readonly people = new Map<string, RoomEncryption>()
  readonly workers = new Map<string, FakeWorker>()
  readonly changed: string[] = []

  join(self: string, own = secret): { encryption: RoomEncryption; worker: FakeWorker } {
    const worker = new FakeWorker()
    const encryption = new RoomEncryption({
      e2ee: { secret: own, worker: () => worker as unknown as Worker },
      room: 'tea',
      self,
      clock: this.clock,
      send: async (to, message) => {
        for (const [id, person] of this.people) if (id !== self && (to ?? id) === id) person.receive(self, message)
      },
      changed: participant => this.changed.push(`${self}: ${participant}`),
    })
    this.people.set(self, encryption)
    this.workers.set(self, worker)
    for (const [id, person] of this.people) person.setPresent(new Set([...this.people.keys()].filter(it => it !== id)))
    return { encryption, worker }
  }
}

test('who has the secret learns the others’ keys, and gives them to the worker', async () => {
  const tea = new Tea()
  const ann = tea.join('ann')
  expect(ann.encryption.stateOf('bob')).toBe('pending')
  const bob = tea.join('bob')
  await until(
    () => ann.encryption.stateOf('bob') === 'agreed' && bob.encryption.stateOf('ann') === 'agreed',
    'both know the other’s key',
  )
  expect(ann.worker.of('use').length).toBeGreaterThan(0)
  expect(ann.worker.of('learned').map(({ participant }) => participant)).toContain('bob')
  expect(tea.changed).toContain('ann: bob')
})

test('another secret is told from none at all', async () => {
  const tea = new Tea()
  const ann = tea.join('ann')
  tea.join('eve', createE2eeSecret())
  await until(() => ann.encryption.stateOf('eve') === 'wrong-secret', 'her secret is another')
  expect(ann.worker.of('learned')).toEqual([])
})

test('what frames tell counts for more than keys: of the receivers that bring them, the worst', async () => {
  const tea = new Tea()
  const ann = tea.join('ann')
  tea.join('bob')
  await until(() => ann.encryption.stateOf('bob') === 'agreed', 'his key has come')
  const read = (id: number, reading: Reading) => ann.worker.say({ type: 'reading', id, participant: 'bob', reading })
  for (const [id, reading, state] of [
    [1, 'readable', 'agreed'],
    [2, 'no-key', 'pending'],
    [3, 'plain', 'plain'],
    [4, 'foreign', 'wrong-secret'],
    [4, 'readable', 'plain'],
  ] as const) {
    read(id, reading)
    expect(ann.encryption.stateOf('bob')).toBe(state)
  }
})

test('frames that could not be decrypted add up, until their sender goes', () => {
  const tea = new Tea()
  const { encryption, worker } = tea.join('ann')
  const tell = (frames: number) => worker.say({ type: 'undecrypted', participant: 'bob', frames })
  expect(encryption.undecryptedOf('bob')).toBe(0)
  encryption.setPresent(new Set(['bob']))
  tell(1)
  tell(25)
  expect([encryption.undecryptedOf('bob'), encryption.undecryptedOf('cho')]).toEqual([26, 0])
  encryption.setPresent(new Set())
  expect(encryption.undecryptedOf('bob')).toBe(0)
  expect(worker.of('forget')).toEqual([{ type: 'forget', participant: 'bob' }])
})

test('closing ends the worker', () => {
  const { encryption, worker } = new Tea().join('ann')
  encryption.close()
  expect(worker.terminated).toBe(true)
})

test('a secret that can be guessed is refused, and a browser that cannot encrypt', () => {
  expect(() => checkE2ee({ secret: 'x'.repeat(15) })).toThrow(expect.objectContaining({ code: 'bad-request' }))
  expect(supportsE2ee()).toBe(true)
  expect(checkE2ee({ secret })).toBe('script-transform')
  vi.unstubAllGlobals()
  expect(supportsE2ee()).toBe(false)
  expect(() => checkE2ee({ secret })).toThrow(expect.objectContaining({ code: 'e2ee-unsupported' }))
})

test('secrets differ, and fit into a link as they are', () => {
  const secrets = new Set(Array.from({ length: 100 }, createE2eeSecret))
  expect(secrets.size).toBe(100)
  for (const one of secrets) expect(one).toMatch(/^[\w-]{22}$/)
})
