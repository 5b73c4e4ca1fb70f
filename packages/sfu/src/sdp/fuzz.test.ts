import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PublishConnection } from '../rooms/publish-connection.ts'
import { Secrets } from '../rooms/secrets.ts'
import { NegotiationError } from './negotiation-error.ts'
import { parseDescription } from './parse.ts'
import { descriptionNames, readDescription } from './testing/descriptions.ts'
import { writeDescription } from './write.ts'

const corpus = descriptionNames.map(readDescription)
const lines = [...new Set(corpus.flatMap(sdp => sdp.split('\r\n')))]

const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '-1', '0', '4294967296', '1e999', 'NaN', '__proto__', 'constructor', '\u0000', ';;;', '/'),
  fc.string({ unit: fc.constantFrom(' ', ':', ';', '=', '/', '0', '9', 'a', '[', ']'), maxLength: 4000 }),
)

/** One change of a description, by lines. */
const mutation = fc.oneof(
  fc.record({ is: fc.constant('drop' as const), at: fc.nat() }),
  fc.record({ is: fc.constant('repeat' as const), at: fc.nat(), times: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ is: fc.constant('replace' as const), at: fc.nat(), line: fc.constantFrom(...lines) }),
  fc.record({ is: fc.constant('cut' as const), at: fc.nat(), keep: fc.nat(60), rest: junk }),
  fc.record({ is: fc.constant('swap' as const), at: fc.nat(), other: fc.nat() }),
)

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never

function mutate(sdp: string, changes: readonly Mutation[]): string {
  const text = sdp.split('\r\n')
  for (const change of changes) {
    const at = change.at % text.length
    const line = text[at] ?? ''
    if (change.is === 'drop') text.splice(at, 1)
    else if (change.is === 'repeat') text.splice(at, 0, ...Array.from({ length: change.times }, () => line))
    else if (change.is === 'replace') text[at] = change.line
    else if (change.is === 'cut') text[at] = line.slice(0, change.keep) + change.rest
    else {
      const other = change.other % text.length
      text[at] = text[other] ?? ''
      text[other] = line
    }
  }
  return text.join('\r\n')
}

const hostile = fc
  .tuple(fc.constantFrom(...corpus), fc.array(mutation, { minLength: 1, maxLength: 12 }))
  .map(([sdp, changes]) => mutate(sdp, changes))

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

test('nothing takes long: the slowest of a thousand mutations stays below 5 ms at the median of three tries', () => {
  const samples = fc.sample(hostile, { numRuns: 1000, seed: 4 })
  for (const sdp of corpus) attempt(() => parseDescription(sdp))
  for (const sdp of samples) {
    const time = () => {
      const start = performance.now()
      attempt(() => parseDescription(sdp))
      return performance.now() - start
    }
    if (time() < 5) continue
    const [, median = 0] = [time(), time(), time()].sort((a, b) => a - b)
    expect(median).toBeLessThan(5)
  }
})
