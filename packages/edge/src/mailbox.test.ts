import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ClosedError, RemoteError } from './errors.ts'
import { type Letter, Mailbox, type Port, remote, type Served } from './mailbox.ts'

interface Shop {
  price(of: string): Promise<number>
  stock(): Promise<{ readonly apples: number; readonly pears: number | undefined }>
  order(what: { readonly name: string; readonly note?: string | undefined }): void
}
const shop: Port<Shop> = { to: 'shop', calls: { price: 'ask', stock: 'ask', order: 'tell' } }

class SoldOut extends Error {
  override readonly name = 'SoldOut'
  readonly code = 'sold-out'
}

class Grocer implements Served<Shop> {
  readonly ordered: unknown[] = []
  readonly stock = () => ({ apples: 3, pears: undefined })

  price(of: string): number | Promise<number> {
    if (of === 'apple') return 2
    if (of === 'pear') return Promise.resolve(3)
    if (of === 'plum') throw new SoldOut('no plums today')
    return Promise.reject('nonsense')
  }

  order(what: { readonly name: string }): void {
    if (what.name === 'bomb') throw new Error('not sold here')
    this.ordered.push(what)
  }

  /** Is none of the port's. */
  secret(): string {
    return 'till'
  }
}

const grocer = () => new Grocer()

/** Two mailboxes whose letters lie there until they are delivered, as JSON. */
class Post {
  readonly sent: Letter[] = []
  readonly customer = new Mailbox({ post: letter => this.#send(letter, () => this.keeper) })
  readonly keeper: Mailbox = new Mailbox({ post: letter => this.#send(letter, () => this.customer) })
  readonly #underWay: { readonly text: string; readonly to: () => Mailbox }[] = []

  deliver(): void {
    for (let next = this.#underWay.shift(); next; next = this.#underWay.shift())
      next.to().receive(JSON.parse(next.text))
  }

  #send(letter: Letter, to: () => Mailbox): void {
    this.sent.push(letter)
    this.#underWay.push({ text: JSON.stringify(letter), to })
  }
}

describe('a mailbox', () => {
  let post: Post
  let served: Grocer
  let here: Shop
  beforeEach(() => {
    post = new Post()
    served = grocer()
    post.keeper.serve(shop, served)
    here = remote(shop, () => post.customer)
  })

  it('tells with one letter, and asks with two', async () => {
    here.order({ name: 'apple', note: undefined })
    post.deliver()
    expect(served.ordered).toEqual([{ name: 'apple' }])
    expect(post.sent).toEqual([{ to: 'shop', call: 'order', args: [{ name: 'apple', note: undefined }] }])
    const price = here.price('apple')
    post.deliver()
    expect(await price).toBe(2)
    expect(post.sent.slice(1)).toEqual([
      { to: 'shop', call: 'price', args: ['apple'], id: 0 },
      { re: 0, value: 2 },
    ])
  })

  it('answers at once what is known at once, with no promise in between', async () => {
    const stock = here.stock()
    post.deliver()
    expect(post.sent.at(-1)).toEqual({ re: 0, value: { apples: 3, pears: undefined } })
    expect(await stock).toEqual({ apples: 3 })
  })

  it('gives each answer to who asked, in whatever order they come', async () => {
    const [late, early] = [here.price('pear'), here.price('apple')]
    post.deliver()
    expect(post.sent.at(-1)).toEqual({ re: 1, value: 2 })
    expect(await early).toBe(2)
    post.deliver()
    expect(await late).toBe(3)
  })

  it('carries an error over with its name, code, words and stack', async () => {
    const refused = here.price('plum')
    post.deliver()
    const error = await refused.catch(error => error)
    expect(error).toBeInstanceOf(RemoteError)
    expect(error).toMatchObject({ name: 'SoldOut', code: 'sold-out', message: 'no plums today' })
    expect(error.stack).toContain('Grocer.price')
    const nonsense = here.price('gold')
    post.deliver()
    await new Promise(resolve => setImmediate(resolve))
    post.deliver()
    await expect(nonsense).rejects.toMatchObject({ name: 'Error', message: 'nonsense', code: undefined })
  })

  it('throws to whoever delivers what fails while nobody waits for an answer, and goes on', async () => {
    here.order({ name: 'bomb' })
    here.order({ name: 'pear' })
    expect(() => post.deliver()).toThrow('not sold here')
    post.deliver()
    expect(served.ordered).toEqual([{ name: 'pear' }])
  })

  it.each(['secret', 'ordered', 'constructor', 'toString', '__proto__', 'hasOwnProperty', 'no such thing'])(
    'makes no call that the port does not list: %s',
    async call => {
      expect(() => post.keeper.receive({ to: 'shop', call, args: [] })).toThrow(`“shop” has no call “${call}”`)
      const asked = post.customer.ask('shop', call, [])
      post.deliver()
      await expect(asked).rejects.toMatchObject({ name: 'RangeError', message: `“shop” has no call “${call}”` })
    },
  )

  it.each(['bank', '__proto__', 'constructor'])('knows nobody called %s', async to => {
    const asked = post.customer.ask(to, 'price', ['apple'])
    post.deliver()
    await expect(asked).rejects.toThrow(`nobody here is called “${to}”, who was to price`)
  })

  it('cares for no answer that nobody waits for', () => {
    post.customer.receive({ re: 7, value: 1 })
    post.customer.receive({ re: 8, error: { name: 'Error', message: 'late', code: undefined, stack: undefined } })
  })

  it('rejects all that is asked when the other end is gone, and what is asked later', async () => {
    const asked = [here.price('apple'), here.stock()]
    post.customer.close('the shop has burnt down')
    post.customer.close('again')
    for (const answer of [...asked, here.stock()]) {
      await expect(answer).rejects.toThrow(new ClosedError('the shop has burnt down'))
    }
    const { length } = post.sent
    here.order({ name: 'apple' })
    expect(post.sent).toHaveLength(length)
    post.deliver()
  })

  it('is not needed to make a remote: what is told before is lost, what is asked refused', async () => {
    let mailbox: Mailbox | undefined
    const early = remote(shop, () => mailbox)
    early.order({ name: 'apple' })
    await expect(early.stock()).rejects.toThrow(new ClosedError('“shop” is not there'))
    mailbox = post.customer
    early.order({ name: 'pear' })
    post.deliver()
    expect(served.ordered).toEqual([{ name: 'pear' }])
  })

  it('asks in vain for what cannot be sent', async () => {
    const broken = new Mailbox({ post: letter => structuredClone(letter) })
    await expect(broken.ask('shop', 'price', [() => {}])).rejects.toThrow('could not be cloned')
  })
})

describe('over a MessagePort', () => {
  const { port1, port2 } = new MessageChannel()
  afterEach(() => port1.close())

  it('tells, asks, refuses and closes', async () => {
    const here = new Mailbox({ post: letter => port1.postMessage(letter) })
    const there = new Mailbox({ post: letter => port2.postMessage(letter) })
    port1.on('message', letter => here.receive(letter))
    port2.on('message', letter => there.receive(letter))
    port1.on('close', () => here.close('the thread has ended'))
    const served = grocer()
    there.serve(shop, served)
    const far = remote(shop, () => here)
    far.order({ name: 'apple', note: undefined })
    expect(await Promise.all([far.price('apple'), far.price('pear'), far.stock()])).toEqual([
      2,
      3,
      { apples: 3, pears: undefined },
    ])
    expect(served.ordered).toEqual([{ name: 'apple', note: undefined }])
    await expect(far.price('plum')).rejects.toMatchObject({ code: 'sold-out' })
    await expect(far.price('gold')).rejects.toThrow('nonsense')
    there.serve(shop, { ...served, stock: () => new Promise(() => {}), price: () => 1, order: () => {} })
    const never = far.stock()
    port2.close()
    await expect(never).rejects.toThrow(new ClosedError('the thread has ended'))
  })
})
