import { cipherSuites, FrameDecryptor, FrameEncryptor, type SenderKey } from '@parley/sframe'
import { FakeClock, seededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { exchangeTimes, KeyExchange } from './key-exchange.ts'
import { KeyWrapping } from './key-message.ts'

const suite = cipherSuites.AES_128_GCM_SHA256_128
const secret = 'the secret of everybody here'
const none = new Uint8Array(0)

type Message = { readonly from: string; readonly to: string; readonly text: string }

class Person {
  readonly id: string
  readonly used: SenderKey[] = []
  readonly strangers: string[] = []
  readonly exchange: KeyExchange
  readonly #encryptor = new FrameEncryptor(suite)
  readonly #decryptors = new Map<string, FrameDecryptor>()
  #work: Promise<unknown> = Promise.resolve()

  constructor(
    id: string,
    own: string,
    clock: FakeClock,
    send: (to: string | undefined, text: string) => Promise<void>,
  ) {
    this.id = id
    let made = 0
    this.exchange = new KeyExchange({
      self: id,
      wrapping: KeyWrapping.derive(own, 'tea'),
      clock,
      random: size => new Uint8Array(size).fill(++made + id.charCodeAt(0)),
      send,
      use: key => {
        this.used.push(key)
        this.#do(() => this.#encryptor.setKey(key))
      },
      learned: (participant, key, restarted) => {
        this.#do(async () => {
          const known = restarted ? undefined : this.#decryptors.get(participant)
          const decryptor = known ?? new FrameDecryptor(suite)
          this.#decryptors.set(participant, decryptor)
          await decryptor.addKey(key)
        })
      },
      wrongSecret: participant => this.strangers.push(participant),
    })
  }

  async seal(): Promise<Uint8Array<ArrayBuffer>> {
    await this.#work
    const sealed = await this.#encryptor.seal(none, new Uint8Array([1]))
    if (!sealed) throw new Error('no key')
    return sealed
  }

  async open(from: string, sealed: Uint8Array<ArrayBuffer>): Promise<string> {
    await this.#work
    const opened = await this.#decryptors.get(from)?.open(none, sealed)
    if (!opened) return 'no-key'
    return opened.ok ? 'opened' : opened.reason
  }

  #do(work: () => Promise<unknown>): void {
    this.#work = this.#work.then(work)
  }
}

/** A room whose server can be made to lose and reorder. */
function room() {
  const clock = new FakeClock()
  const people = new Map<string, Person>()
  const sent: Message[] = []
  let deliver = (messages: readonly Message[]): readonly Message[] => messages
  let fails = false
  /** Says to everybody who is here, and waits until all that follows from that, and from what came before, is done. */
  const settle = async () => {
    const ids = [...people.keys()]
    for (let round = 0; round < 3; round++) {
      for (const { id, exchange } of people.values()) {
        await exchange.setPresent(new Set(ids.filter(other => other !== id)))
      }
    }
  }
  const pass = async () => {
    await settle()
    while (sent.length > 0) {
      for (const { from, to, text } of deliver(sent.splice(0))) people.get(to)?.exchange.receive(from, text)
      await settle()
    }
  }
  return {
    clock,
    pass,
    set deliver(change: typeof deliver) {
      deliver = change
    },
    set fails(value: boolean) {
      fails = value
    },
    async join(id: string, own = secret): Promise<Person> {
      const person: Person = new Person(id, own, clock, async (to, text) => {
        if (fails) throw new Error('the server is away')
        const receivers = to === undefined ? [...people.keys()] : [to]
        sent.push(...receivers.map(receiver => ({ from: id, to: receiver, text })))
      })
      people.set(id, person)
      await pass()
      return person
    },
    async leave(id: string): Promise<void> {
      people.get(id)?.exchange.close()
      people.delete(id)
      await pass()
    },
    async wait(ms: number): Promise<void> {
      clock.advance(ms)
      await pass()
    },
  }
}

test('everybody can read everybody', async () => {
  const tea = room()
  const people = [await tea.join('ann'), await tea.join('ben'), await tea.join('cy')]
  for (const from of people) {
    const sealed = await from.seal()
    for (const to of people) if (to !== from) expect(await to.open(from.id, sealed)).toBe('opened')
  }
})

test('who joins cannot read what was sent before; the others notice nothing', async () => {
  const tea = room()
  const [ann, ben] = [await tea.join('ann'), await tea.join('ben')]
  const before = await ann.seal()
  const cy = await tea.join('cy')
  expect(await cy.open('ann', before)).toBe('no-key')
  expect(await ben.open('ann', before)).toBe('opened')
  const after = await ann.seal()
  expect(await cy.open('ann', after)).toBe('opened')
  expect(await ben.open('ann', after)).toBe('opened')
  expect(ann.used.map(({ generation, step }) => [generation, step])).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
  ])
})

test('who has left cannot read what is sent after; two who leave together cost one new key', async () => {
  const tea = room()
  const [ann, ben, cy, dan] = [
    await tea.join('ann'),
    await tea.join('ben'),
    await tea.join('cy'),
    await tea.join('dan'),
  ]
  await tea.leave('cy')
  await tea.leave('dan')
  const meanwhile = await ann.seal()
  expect(await cy.open('ann', meanwhile)).toBe('opened')
  await tea.wait(exchangeTimes.renewal)
  // Ben has been told the new key, and it is not used before he can have taken it in.
  expect(await ben.open('ann', await ann.seal())).toBe('opened')
  await tea.wait(exchangeTimes.notice)
  const after = await ann.seal()
  expect(await ben.open('ann', after)).toBe('opened')
  for (const gone of [cy, dan]) expect(await gone.open('ann', after)).toBe('no-key')
  expect(ann.used.at(-1)).toMatchObject({ generation: 1, step: 0 })
})

test('who joins while a new key is on its way reads before and after it is used', async () => {
  const tea = room()
  const [ann] = [await tea.join('ann'), await tea.join('ben'), await tea.join('cy')]
  await tea.leave('cy')
  await tea.wait(exchangeTimes.renewal)
  const dan = await tea.join('dan')
  expect(await dan.open('ann', await ann.seal())).toBe('opened')
  await tea.wait(exchangeTimes.notice)
  expect(await dan.open('ann', await ann.seal())).toBe('opened')
})

test('messages that are late, reordered or repeated do no harm', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const tea = room()
    const random = seededRandom(seed)
    const kept: Message[] = []
    tea.deliver = messages => {
      kept.push(...messages)
      const repeated = [...messages, ...kept.filter(() => random() < 0.3)]
      return repeated
        .map(message => ({ message, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ message }) => message)
    }
    const [ann, ben] = [await tea.join('ann'), await tea.join('ben')]
    await tea.join('cy')
    await tea.leave('cy')
    await tea.wait(exchangeTimes.renewal)
    await tea.wait(exchangeTimes.notice)
    await tea.join('dan')
    await tea.wait(exchangeTimes.renewal)
    await tea.wait(exchangeTimes.notice)
    for (const [from, to] of [
      [ann, ben],
      [ben, ann],
    ] as const) {
      expect(await to.open(from.id, await from.seal())).toBe('opened')
    }
  }
})

test('after a reload keys count from the beginning again, and those of before do not come back', async () => {
  const tea = room()
  let old: Message[] = []
  tea.deliver = messages => {
    old.push(...messages)
    return messages
  }
  const ben = await tea.join('ben')
  await tea.join('ann')
  await tea.join('cy')
  await tea.leave('cy')
  await tea.wait(exchangeTimes.renewal)
  await tea.wait(exchangeTimes.notice)
  await tea.wait(5_000)
  const [fromAnn] = [old.filter(({ from, to }) => from === 'ann' && to === 'ben')]
  // The server does not say that she was away.
  const again = await tea.join('ann')
  again.exchange.announce()
  await tea.pass()
  expect(await ben.open('ann', await again.seal())).toBe('opened')
  old = []
  for (const { from, text } of fromAnn) ben.exchange.receive(from, text)
  await tea.pass()
  expect(await ben.open('ann', await again.seal())).toBe('opened')
})

test('another secret is known as such, by both; one who is trusted cannot be slandered', async () => {
  const tea = room()
  let slander: Message | undefined
  tea.deliver = messages => {
    slander ??= messages.find(({ from }) => from === 'eve')
    return messages
  }
  const [ann, ben] = [await tea.join('ann'), await tea.join('ben')]
  const eve = await tea.join('eve', 'a secret of somebody else')
  expect(new Set(ann.strangers)).toEqual(new Set(['eve']))
  expect(new Set(eve.strangers)).toEqual(new Set(['ann', 'ben']))
  expect(await eve.open('ann', await ann.seal())).toBe('no-key')
  ann.exchange.receive('ben', slander?.text ?? expect.unreachable())
  ann.exchange.receive('ben', 'garbage')
  ann.exchange.receive('ben', '')
  await tea.pass()
  expect(ann.strangers).not.toContain('ben')
  expect(await ann.open('ben', await ben.seal())).toBe('opened')
})

test('what could not be sent is sent again', async () => {
  const tea = room()
  const ann = await tea.join('ann')
  tea.fails = true
  const ben = await tea.join('ben')
  expect(await ben.open('ann', await ann.seal())).toBe('no-key')
  tea.fails = false
  await tea.wait(exchangeTimes.again)
  expect(await ben.open('ann', await ann.seal())).toBe('opened')
  expect(await ann.open('ben', await ben.seal())).toBe('opened')
})

test('with another id, keys are told under that', async () => {
  const tea = room()
  const [ann, ben] = [await tea.join('ann'), await tea.join('ben')]
  const told: string[] = []
  tea.deliver = messages => {
    for (const { to, text } of messages) if (to === 'ben') told.push(text)
    return []
  }
  ann.exchange.setSelf('ann again')
  await tea.pass()
  ben.exchange.receive('ann again', told[0] ?? expect.unreachable())
  await tea.pass()
  expect(await ben.open('ann again', await ann.seal())).toBe('opened')
})

test('a ratchet that has come to its end becomes a new key', async () => {
  const tea = room()
  const [ann, ben] = [await tea.join('ann'), await tea.join('ben')]
  for (let i = 0; i < 256; i++) await ann.exchange.setPresent(new Set(['ben', `guest ${i}`]))
  await tea.pass()
  await tea.wait(exchangeTimes.renewal)
  await tea.wait(exchangeTimes.notice)
  expect(ann.used.every(({ step }) => step < 256)).toBe(true)
  expect(ann.used.at(-1)?.generation).toBeGreaterThan(0)
  expect(await ben.open('ann', await ann.seal())).toBe('opened')
})

test('nothing is sent or made any more once it is closed', async () => {
  const tea = room()
  const [ann] = [await tea.join('ann'), await tea.join('ben'), await tea.join('cy')]
  await tea.leave('cy')
  const used = ann.used.length
  ann.exchange.close()
  ann.exchange.announce()
  await tea.wait(exchangeTimes.renewal)
  await tea.wait(exchangeTimes.notice)
  expect(ann.used).toHaveLength(used)
})
