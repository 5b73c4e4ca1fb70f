import assert from 'node:assert/strict'
import { isRtp, type RtpSection } from '../../sdp/model.ts'
import { parseDescription } from '../../sdp/parse.ts'

/** Follows the offers of one subscribe connection, and insists on what holds from one to the next. */
export class OfferChecker {
  #sections: readonly RtpSection[] = []
  readonly #meanings = new Map<number, string>()
  readonly #sources = new Map<number, string>()
  #version = 0

  check(sdp: string): void {
    const { sections: all, bundle, sessionVersion } = parseDescription(sdp)
    const sections = all.filter(isRtp)
    assert.equal(sections.length, all.length)
    assert(sessionVersion > this.#version, 'the version grows')
    this.#version = sessionVersion
    assert(sections.length >= this.#sections.length, 'sections stay')
    for (const [index, before] of this.#sections.entries()) {
      const now = sections[index]
      if (before.rejected) {
        assert(now?.rejected || now?.mid !== before.mid, 'a rejected section comes back under a new mid')
        continue
      }
      if (before.direction === 'sendonly' && now?.direction === 'sendonly') {
        assert.deepEqual(now.msids, before.msids, 'a section is inactive before it carries another track')
      }
      assert.deepEqual([now?.mid, now?.kind], [before.mid, before.kind], 'a section in use stays in its place')
    }
    for (const [, formats = ''] of sdp.matchAll(/^m=\w+ \d+ \S+ (.*)\r$/gm)) {
      assert.equal(new Set(formats.split(' ')).size, formats.split(' ').length, 'a payload type is listed once')
    }
    const mids = sections.map(({ mid }) => mid)
    assert.equal(new Set(mids).size, mids.length, 'mids are unique')
    const live = sections.filter(({ rejected }) => !rejected).map(({ mid }) => mid)
    assert.deepEqual([...bundle].sort(), live.sort(), 'the bundle is all there is')
    for (const section of sections) this.#checkSection(section)
    this.#sections = sections
  }

  /** What the answer rejected may be replaced. */
  answered(sdp: string): void {
    const answer = parseDescription(sdp)
    this.#sections = this.#sections.map((section, index) => ({
      ...section,
      rejected: answer.sections[index]?.rejected ?? true,
    }))
  }

  #checkSection({ codecs, sources, msids, mid, rejected }: RtpSection): void {
    if (rejected) return
    for (const { payloadType, rtxPayloadType, red, name, parameters, feedback, clockRate } of codecs) {
      this.#means(payloadType, `${name}/${clockRate} ${parameters} ${feedback}`)
      if (rtxPayloadType !== undefined) this.#means(rtxPayloadType, `rtx of ${payloadType}`)
      if (red) this.#means(red.payloadType, `red of ${payloadType}`)
    }
    for (const { ssrc } of sources) {
      const carries = `${mid} ${msids.at(-1)?.stream}`
      assert.equal(this.#sources.get(ssrc) ?? carries, carries, 'a source is of one track in one section')
      this.#sources.set(ssrc, carries)
    }
  }

  #means(payloadType: number, meaning: string): void {
    assert.equal(this.#meanings.get(payloadType) ?? meaning, meaning, 'a payload type has one meaning')
    this.#meanings.set(payloadType, meaning)
  }
}
