import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PublishConnection } from '../rooms/publish-connection.ts'
import { Secrets } from '../rooms/secrets.ts'
import { NegotiationError } from './negotiation-error.ts'
import { parseDescription } from './parse.ts'
import { corpus, hostile } from './testing/mutations.ts'
import { writeDescription } from './write.ts'

const local = {
  fingerprint: { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') },
  candidates: [],
}

/** Undefined: refused, as it may be; any other error is a bug. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof NegotiationError) return undefined
    throw error
  }
}

test('whatever is changed in a description, it is read or refused, and what was read can be written and read again', () => {
  fc.assert(
    fc.property(hostile, sdp => {
      const description = attempt(() => parseDescription(sdp))
      if (!description) return
      const again = parseDescription(writeDescription(description))
      expect(again.sections.map(({ mid }) => mid)).toEqual(description.sections.map(({ mid }) => mid))
    }),
    { numRuns: 1500 },
  )
})

test('a publisher that offers anything, one thing after another, gets an answer or a refusal', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), offers => {
      const connection = new PublishConnection(local, new Secrets(bytes => new Uint8Array(bytes).fill(7)))
      for (const sdp of offers) {
        const answered = attempt(() => connection.answer(parseDescription(sdp)))
        if (!answered) continue
        const answer = parseDescription(answered.sdp)
        const offer = parseDescription(sdp)
        expect(answer.sections.map(({ mid, kind }) => [mid, kind])).toEqual(
          offer.sections.map(({ mid, kind }) => [mid, kind]),
        )
      }
    }),
    { numRuns: 400 },
  )
})

test('nothing takes long: the slowest of a thousand mutations takes less than 5 ms', () => {
  const samples = fc.sample(hostile, { numRuns: 1000, seed: 4 })
  for (const sdp of corpus) attempt(() => parseDescription(sdp))
  for (const sdp of samples) {
    const time = () => {
      const start = performance.now()
      attempt(() => parseDescription(sdp))
      return performance.now() - start
    }
    // Others use the machine, too: what is slow by itself is slow every time.
    let tries = 1
    while (time() >= 5) expect(tries++).toBeLessThan(20)
  }
})
