import fc from 'fast-check'
import { descriptionNames, readDescription } from './descriptions.ts'

export const corpus = descriptionNames.map(readDescription)
const lines = [...new Set(corpus.flatMap(sdp => sdp.split('\r\n')))]

const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '-1', '0', '4294967296', '1e999', 'NaN', '__proto__', 'constructor', '\u0000', ';;;', '/'),
  fc.string({ unit: fc.constantFrom(' ', ':', ';', '=', '/', '0', '9', 'a', '[', ']'), maxLength: 4000 }),
)

/** One change of a description, by lines. */
export const mutation = fc.oneof(
  fc.record({ is: fc.constant('drop' as const), at: fc.nat() }),
  fc.record({ is: fc.constant('repeat' as const), at: fc.nat(), times: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ is: fc.constant('replace' as const), at: fc.nat(), line: fc.constantFrom(...lines) }),
  fc.record({ is: fc.constant('cut' as const), at: fc.nat(), keep: fc.nat(60), rest: junk }),
  fc.record({ is: fc.constant('swap' as const), at: fc.nat(), other: fc.nat() }),
)

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never

export function mutate(sdp: string, changes: readonly Mutation[]): string {
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

/** What a client might send: one of the descriptions in `testdata`, with some changes. */
export const hostile = fc
  .tuple(fc.constantFrom(...corpus), fc.array(mutation, { minLength: 1, maxLength: 12 }))
  .map(([sdp, changes]) => mutate(sdp, changes))
