import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { hostile, mutate, mutation } from '../sdp/testing/mutations.ts'
import { Whip } from '../whip/whip.ts'
import { realWorker } from './testing/real-worker.ts'
import { WorkerModel } from './testing/worker-model.ts'
import { World } from './testing/world.ts'

const changes = fc.array(mutation, { minLength: 1, maxLength: 6 })

/** Refused, or taken; any other error is a bug. */
function attempt(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof NegotiationError)) throw error
  }
}

function checkWorker({ told }: World): void {
  const model = new WorkerModel()
  const command = realWorker()
  for (const message of told) {
    model.receive(message)
    command(message)
  }
}

test('a subscriber that answers anything harms nobody: the others receive what they did', () => {
  fc.assert(
    fc.property(fc.array(changes, { minLength: 1, maxLength: 5 }), scripts => {
      const world = new World()
      const ann = world.join('ann')
      const bob = world.join('bob')
      const eve = world.join('eve')
      for (const script of scripts) {
        ann.publish({ kind: 'video' })
        bob.answer()
        const [body] = eve.inbox
        if (body?.signal.kind !== 'description') continue
        const sdp = mutate(eve.receiving.answer(body.signal.description.sdp), script)
        const signal = { kind: 'description', description: { type: 'answer', sdp }, answers: body.seq } as const
        attempt(() => eve.say('subscribe', body.connection, signal))
      }
      while (bob.answer());
      const received = world.rooms.inspect('room')?.participants.find(({ id }) => id === 'bob')?.receives
      expect(received).toHaveLength(scripts.length)
      checkWorker(world)
    }),
    { numRuns: 200 },
  )
})

test('a publisher, an encoder and a player that send anything harm nobody', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), fc.string({ unit: 'binary' }), (offers, junk) => {
      const world = new World()
      const whip = new Whip(world.rooms)
      const eve = world.join('eve')
      const bob = world.join('bob')
      for (const [index, sdp] of offers.entries()) {
        const signal = { kind: 'description', description: { type: 'offer', sdp } } as const
        attempt(() => eve.say('publish', `p${index % 2}`, signal))
        for (const line of sdp.split('\r\n')) {
          const [, id] = /^a=msid:(\S{1,64})/.exec(line) ?? []
          if (id !== undefined) eve.announce(id, 'camera')
        }
        attempt(() => void whip.publish('room', `encoder${index}`, sdp))
        attempt(() => void whip.play('room', `player${index}`, sdp))
        for (const fragment of [sdp, junk]) attempt(() => void whip.patch('room', `encoder${index}`, fragment, true))
        world.settle()
      }
      bob.publish({ kind: 'audio' })
      world.settle()
      world.leave('eve')
      checkWorker(world)
    }),
    { numRuns: 200 },
  )
})
