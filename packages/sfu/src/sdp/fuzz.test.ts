import { cpuMs } from '@parley/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PublishConnection } from '../rooms/publish-connection.ts'
import { Secrets } from '../rooms/secrets.ts'
import { NegotiationError } from './negotiation-error.ts'
import { parseDescription } from './parse.ts'
import { corpus, hostile } from './testing/mutations.ts'
import { writeDescription } from './write.ts'

const local = {
  fingerprint: { algorithm: 'sha-256' as const, value: Array.from({ length: 32 }, () => 'AB').join(':') },
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

// The bounds below tell quadratic work (seconds) from linear work (a hundredth of that), whatever else the machine does.

test('nothing takes long: the slowest of a thousand mutations takes less than 50 ms', () => {
  const samples = fc.sample(hostile, { numRuns: 1000, seed: 4 })
  for (const sdp of corpus) attempt(() => parseDescription(sdp))
  for (const sdp of samples) {
    // Now and then the engine compiles and collects garbage: what is slow by itself is slow every time.
    let tries = 1
    while (cpuMs(() => attempt(() => parseDescription(sdp))) >= 50) expect(tries++).toBeLessThan(20)
  }
})

/** The most that fits: as much of one thing as there may be, in as many sections as there may be. */
const worst = (session: string, section: string, sections: number) => {
  const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:'
  const rest = `\r\na=sendonly\r\na=rtpmap:111 opus/48000/2\r\n${section}`
  const ice = `a=ice-ufrag:abcd\r\na=ice-pwd:${'x'.repeat(24)}\r\na=fingerprint:sha-256 ${local.fingerprint.value}\r\n`
  const mids = Array.from({ length: sections }, (_, index) => `m${index}`)
  const media = mids.map(mid => `${audio}${mid}${rest}`).join('')
  return `v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE ${mids.join(' ')}\r\n${ice}${session}${media}`
}
const extension = 'a=extmap:5 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n'

test.each([
  ['9,000 header extensions of the session, 590 sections', worst(extension.repeat(2000), '', 590), 'too-large'],
  ['header extensions of the session, read once for all sections', worst(extension.repeat(64), '', 256), 'answered'],
  ['header extensions in every section', worst('', extension.repeat(12), 256), 'answered'],
  ['feedback for every payload type', worst('', 'a=rtcp-fb:* nack pli\r\n'.repeat(40), 256), 'answered'],
  ['sources', worst('', 'a=ssrc:1 cname:x\r\n'.repeat(50), 256), 'answered'],
  ['attributes that nobody knows', worst('a=x:y\r\n'.repeat(14_000), '', 200), 'answered'],
])('%s: refused or answered in little time', (_, sdp, expected) => {
  expect(sdp.length).toBeLessThanOrEqual(256 * 1024)
  const answer = () => {
    // Others use the machine, too: what counts is the work, not the time.
    const start = process.cpuUsage()
    let outcome: string
    try {
      new PublishConnection(local, new Secrets(bytes => new Uint8Array(bytes).fill(7))).answer(parseDescription(sdp))
      outcome = 'answered'
    } catch (error) {
      if (!(error instanceof NegotiationError)) throw error
      outcome = error.code
    }
    return { outcome, ms: process.cpuUsage(start).user / 1000 }
  }
  expect(answer().outcome).toBe(expected)
  let tries = 1
  while (answer().ms >= 1000) expect(tries++).toBeLessThan(10)
})
