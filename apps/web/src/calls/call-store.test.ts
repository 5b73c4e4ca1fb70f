import type { CallHandle, CallHandleEvents, Room, Session } from '@parley/client'
import type { Call, CallOutcome } from '@parley/protocol'
import { useSession } from '@parley/ui/page'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { acceptCall, declineCall, dismissCall, isCalling, placeCall, startCalls, useCalls } from './call-store.ts'

const did = vi.hoisted(() => ({ log: [] as string[] }))
vi.mock('../media/attach.ts', () => ({ attachRoom: () => did.log.push('attach') }))
vi.mock('wouter/use-browser-location', () => ({ navigate: (to: string) => did.log.push(`go ${to}`) }))
vi.mock('../media/media.ts', () => ({
  startMedia: async (want: { camera: boolean }) => void did.log.push(want.camera ? 'devices' : 'microphone'),
  stopMedia: () => void did.log.push('devices off'),
}))
vi.mock('./notes.ts', () => ({
  noteMissed: (person: { name: string }) => did.log.push(`missed ${person.name}`),
  noteCallError: (error: Error) => did.log.push(`error ${error.message}`),
}))

const ann = { identity: 'a', name: 'Ann' }
const me = { identity: 'me', name: 'Me' }
const ringing: Call['state'] = { status: 'ringing', since: 0, until: 30_000 }
const accepted = {
  status: 'accepted',
  since: 0,
  room: 'r',
  media: 'video',
  callerSession: 's1',
  calleeSession: 's2',
} as const

class FakeHandle {
  readonly direction: 'incoming' | 'outgoing'
  answeredElsewhere = false
  call: Call
  readonly #listeners = new Map<string, Set<(call: Call) => void>>()
  readonly #waiting: { resolve: (room: Room) => void; reject: (error: Error) => void }[] = []

  constructor(direction: 'incoming' | 'outgoing', id = 'c1') {
    const [caller, callee] = direction === 'incoming' ? [ann, me] : [me, ann]
    this.direction = direction
    this.call = { id, media: 'video', caller, callee, state: ringing }
  }

  on(event: keyof CallHandleEvents, listener: (call: Call) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, set.add(listener))
    return () => set.delete(listener)
  }

  become(event: keyof CallHandleEvents, state: Call['state']): void {
    this.call = { ...this.call, state }
    for (const listener of this.#listeners.get(event) ?? []) listener(this.call)
  }

  end(outcome: CallOutcome): void {
    this.become('ended', { status: 'ended', outcome, at: 1 })
    for (const { reject } of this.#waiting.splice(0))
      reject(Object.assign(new Error(), { code: 'call-ended', remedy: '' }))
  }

  enter(room: Room): void {
    this.become('accepted', accepted)
    for (const { resolve } of this.#waiting.splice(0)) resolve(room)
  }

  readonly joined = () => new Promise<Room>((resolve, reject) => this.#waiting.push({ resolve, reject }))
  readonly accept = () => this.joined()
  readonly reject = async () => this.end('rejected')
  readonly cancel = async () => this.end('cancelled')
  readonly hangUp = async () => this.end('hung-up')
}

const handleOf = (fake: FakeHandle) => fake as unknown as CallHandle
const settled = () => new Promise(resolve => setImmediate(resolve))
const phase = () => useCalls.getState().active?.phase.phase

let ring: (handle: CallHandle) => void
let outgoing: FakeHandle | Error

beforeEach(() => {
  did.log.length = 0
  vi.stubGlobal('location', { pathname: '/' })
  useCalls.setState({ active: undefined })
  const session = {
    calls: new Map(),
    on: (_: string, listener: (handle: CallHandle) => void) => {
      ring = listener
      return () => {}
    },
    call: async () => {
      if (outgoing instanceof Error) throw outgoing
      return handleOf(outgoing)
    },
  }
  useSession.setState({ connection: { status: 'connecting' } })
  startCalls()
  useSession.setState({ connection: { status: 'connected', session: session as unknown as Session, polling: false } })
})

describe('a call that comes in', () => {
  it('rings, and is connected after it was accepted', async () => {
    const fake = new FakeHandle('incoming')
    ring(handleOf(fake))
    expect(phase()).toBe('incoming')
    const accepting = acceptCall(handleOf(fake), 'audio')
    fake.enter({} as Room)
    await accepting
    expect(phase()).toBe('connected')
    expect(did.log).toEqual(['microphone', 'attach', 'go /call/c1'])
  })

  it('that is over before both are connected says so on its page', async () => {
    const fake = new FakeHandle('incoming')
    ring(handleOf(fake))
    const accepting = acceptCall(handleOf(fake), 'video')
    fake.become('accepted', accepted)
    expect(phase()).toBe('connecting')
    expect(isCalling()).toBe(true)
    fake.end('hung-up')
    await accepting
    expect(phase()).toBe('over')
    expect(isCalling()).toBe(false)
    expect(did.log).toEqual(['devices', 'devices off', 'go /call/c1', 'devices off'])
  })

  it('that the caller gives up in the moment of the answer was missed', async () => {
    const fake = new FakeHandle('incoming')
    ring(handleOf(fake))
    const accepting = acceptCall(handleOf(fake), 'video')
    fake.end('cancelled')
    await accepting
    expect(phase()).toBeUndefined()
    expect(did.log).toEqual(['devices', 'missed Ann', 'devices off'])
  })

  it('is gone without a trace when this person declines', async () => {
    const fake = new FakeHandle('incoming')
    ring(handleOf(fake))
    await declineCall(handleOf(fake), 'Later')
    expect(phase()).toBeUndefined()
    expect(did.log).toEqual([])
  })

  it.each(['cancelled', 'no-answer'] as const)('leaves a note when it was missed: %s', outcome => {
    const fake = new FakeHandle('incoming')
    ring(handleOf(fake))
    fake.end(outcome)
    expect(phase()).toBeUndefined()
    expect(did.log).toEqual(['missed Ann'])
  })

  it('stops ringing when another tab answers', () => {
    const fake = new FakeHandle('incoming')
    ring(handleOf(fake))
    fake.answeredElsewhere = true
    fake.become('changed', accepted)
    expect(phase()).toBeUndefined()
    fake.end('hung-up')
    expect(did.log).toEqual([])
  })
})

describe('a call that goes out', () => {
  it('shows each step, and how it ended', async () => {
    const fake = new FakeHandle('outgoing')
    outgoing = fake
    const placing = placeCall(ann, 'video')
    await settled()
    expect(phase()).toBe('outgoing')
    fake.enter({} as Room)
    await placing
    expect(phase()).toBe('connected')
    fake.end('hung-up')
    expect(phase()).toBe('over')
    expect(did.log).toEqual(['go /call/c1', 'devices', 'attach', 'devices off'])
  })

  it('declined, it is over and the devices are off', async () => {
    const fake = new FakeHandle('outgoing')
    outgoing = fake
    void placeCall(ann, 'video')
    await settled()
    fake.end('rejected')
    await settled()
    expect(phase()).toBe('over')
    expect(did.log.at(-1)).toBe('devices off')
  })

  it('that cannot be placed is explained', async () => {
    outgoing = new Error('offline')
    await placeCall(ann, 'video')
    expect(did.log).toEqual(['error offline'])
    expect(phase()).toBeUndefined()
  })

  it('is cancelled when its page is left', async () => {
    const fake = new FakeHandle('outgoing')
    outgoing = fake
    void placeCall(ann, 'video')
    await settled()
    dismissCall(handleOf(fake))
    await settled()
    expect(fake.call.state).toMatchObject({ status: 'ended', outcome: 'cancelled' })
    expect(phase()).toBeUndefined()
  })

  it('that was placed when its caller had gone elsewhere is cancelled', async () => {
    const fake = new FakeHandle('outgoing')
    outgoing = fake
    const placing = placeCall(ann, 'video')
    vi.stubGlobal('location', { pathname: '/r/tea' })
    await placing
    expect(fake.call.state).toMatchObject({ outcome: 'cancelled' })
    expect(phase()).toBeUndefined()
    expect(did.log).toEqual([])
  })

  it('that is the other’s call to us, since both called at once, goes on', async () => {
    const fake = new FakeHandle('incoming')
    ring(handleOf(fake))
    outgoing = fake
    const placing = placeCall(ann, 'video')
    fake.become('accepted', accepted)
    await settled()
    fake.enter({} as Room)
    await placing
    expect(phase()).toBe('connected')
    expect(did.log.filter(step => step === 'attach')).toHaveLength(1)
  })

  it('leaves a room that was joined too late', async () => {
    const fake = new FakeHandle('outgoing')
    outgoing = fake
    const placing = placeCall(ann, 'video')
    await settled()
    useCalls.setState({ active: undefined })
    const leave = vi.fn(async () => {})
    fake.enter({ leave } as unknown as Room)
    await placing
    expect(leave).toHaveBeenCalledOnce()
  })
})
