import { feedbackOf, type TransportFeedback } from '@parley/rtp'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinkEstimate } from './link-estimate.ts'

/** Sends this many bits a second for a while, in packets of 1,000 bytes, over a link that always takes 20 ms; pads probes. */
class Sender {
  readonly link: LinkEstimate
  /** The receiver's clock is ahead by so much; ms. */
  clockMs = 50_000
  reporting = true
  padding = true
  padded = 0
  now = 0
  #number = 0xfff0
  #arrivals: { sequenceNumber: number; arrivalUs: number }[] = []

  constructor(link: LinkEstimate) {
    this.link = link
  }

  run(bps: number, lengthMs: number): void {
    const end = this.now + lengthMs
    const gapMs = 8_000_000 / bps
    let mediaAt = this.now
    let reportAt = this.now + 100
    while (this.now < end) {
      if (this.now >= mediaAt) {
        this.#send(1000)
        mediaAt += gapMs
      }
      if (this.now >= reportAt) {
        this.#report()
        reportAt += 100
      }
      if (this.now >= this.link.nextTimeout()) {
        this.link.handleTimeout(this.now)
        for (let bytes = this.link.probe(this.now); bytes > 0 && this.padding; bytes = this.link.probe(this.now)) {
          this.padded += bytes
          this.#send(bytes)
        }
      }
      this.now++
    }
  }

  #send(bytes: number): void {
    this.#number = (this.#number + 1) & 0xffff
    this.link.sent(this.#number, bytes, this.now)
    this.#arrivals.push({ sequenceNumber: this.#number, arrivalUs: (this.now + 20 + this.clockMs) * 1000 })
  }

  #report(): void {
    const [first] = this.#arrivals
    if (!first) return
    const { taken: _, ...report } = feedbackOf(first.sequenceNumber, this.#arrivals)
    this.#arrivals = []
    if (this.reporting) this.link.feedback({ senderSsrc: 1, mediaSsrc: 2, feedbackPacketCount: 0, ...report }, this.now)
  }
}

test('where little is sent, the estimate neither grows beyond what was tried nor collapses', () => {
  const sender = new Sender(new LinkEstimate({ now: 0 }))
  sender.link.wantedBps = 0
  sender.run(200_000, 60_000)
  expect(sender.padded).toBe(0)
  expect(sender.link.estimateBps).toBe(300_000)
  sender.run(400_000, 60_000)
  expect(sender.link.estimateBps).toBeGreaterThan(400_000)
  expect(sender.link.estimateBps).toBeLessThan(1.2 * 400_000)
  sender.run(50_000, 60_000)
  expect(sender.link.estimateBps).toBeGreaterThan(400_000)
})

test('probes find what is wanted, and then stop', () => {
  const sender = new Sender(new LinkEstimate({ now: 0 }))
  sender.link.wantedBps = 5_000_000
  sender.run(200_000, 3000)
  expect(sender.link.estimateBps).toBeGreaterThan(4_000_000)
  sender.run(200_000, 10_000)
  const { padded } = sender
  sender.run(200_000, 60_000)
  expect(sender.padded).toBe(padded)
  expect(sender.link.estimateBps).toBeGreaterThan(5_000_000)
})

test('a caller with nothing to send as padding is not asked without end', () => {
  const sender = new Sender(new LinkEstimate({ now: 0 }))
  sender.padding = false
  sender.run(200_000, 1000)
  let asked = 0
  for (let now = sender.now; now < sender.now + 10_000; now = Math.max(now + 1, sender.link.nextTimeout())) {
    sender.link.handleTimeout(now)
    sender.link.probe(now)
    asked++
  }
  expect(asked).toBeLessThan(1000)
})

test('without reports less and less is sent; the first one brings it back', () => {
  const sender = new Sender(new LinkEstimate({ now: 0 }))
  sender.link.wantedBps = 0
  sender.run(300_000, 5000)
  const { estimateBps } = sender.link
  expect(sender.link.targetBps).toBe(estimateBps)
  sender.reporting = false
  sender.run(300_000, 800)
  expect(sender.link.targetBps).toBe(estimateBps / 2)
  sender.run(300_000, 3000)
  expect(sender.link.targetBps).toBeLessThanOrEqual(estimateBps / 8)
  expect(sender.link.estimateBps).toBe(estimateBps)
  sender.reporting = true
  sender.run(300_000, 200)
  expect(sender.link.targetBps).toBeGreaterThanOrEqual(estimateBps)
})

test('a receiver’s clock that is set anew changes nothing', () => {
  const sender = new Sender(new LinkEstimate({ now: 0 }))
  sender.run(500_000, 5000)
  const before = sender.link.targetBps
  for (const clockMs of [9_000_000, 1000]) {
    sender.clockMs = clockMs
    sender.run(500_000, 5000)
    expect(sender.link.targetBps).toBeGreaterThanOrEqual(before)
    expect(sender.link.queueMs).toBeLessThan(5)
  }
})

test('without transport-wide feedback receiver reports move the estimate', () => {
  const link = new LinkEstimate({ now: 0 })
  link.wantedBps = 2_000_000
  let now = 0
  const report = (fractionLost: number, seconds: number) => {
    for (const end = now + 1000 * seconds; now < end; now += 1000) link.receiverReport(fractionLost, 50, now)
  }
  report(0, 20)
  expect(link.targetBps).toBe(2_000_000)
  report(0.05, 5)
  expect(link.targetBps).toBe(2_000_000)
  report(0.4, 1)
  expect(link.targetBps).toBe(1_600_000)
  report(1, 30)
  expect(link.targetBps).toBe(30_000)
  report(0, 30)
  expect(link.targetBps).toBeGreaterThan(200_000)
})

test('REMB leads where it is the only word, and limits where there is feedback, until it is old', () => {
  const alone = new LinkEstimate({ now: 0 })
  alone.remb(1_500_000, 0)
  expect(alone.targetBps).toBe(1_500_000)
  alone.remb(200_000, 1000)
  expect(alone.targetBps).toBe(200_000)
  const sender = new Sender(new LinkEstimate({ now: 0 }))
  sender.run(500_000, 3000)
  sender.link.remb(100_000, sender.now)
  expect(sender.link.targetBps).toBe(100_000)
  sender.run(500_000, 11_000)
  expect(sender.link.targetBps).toBeGreaterThan(300_000)
})

test('whatever a receiver reports, the target stays a number within its bounds', () => {
  const report: fc.Arbitrary<TransportFeedback> = fc.record({
    senderSsrc: fc.constant(1),
    mediaSsrc: fc.constant(2),
    baseSequenceNumber: fc.integer({ min: 0, max: 0xffff }),
    packetStatusCount: fc.integer({ min: 0, max: 0xffff }),
    referenceTime: fc.integer({ min: 0, max: 0xffffff }),
    feedbackPacketCount: fc.integer({ min: 0, max: 0xff }),
    arrivals: fc.array(
      fc.record({
        sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
        delta: fc.integer({ min: -0x8000, max: 0x7fff }),
      }),
      { maxLength: 40 },
    ),
  })
  const hostile = fc.oneof(
    report.map(value => (link: LinkEstimate, now: number) => link.feedback(value, now)),
    report.map(value => (link: LinkEstimate, now: number) => {
      const near = { ...value, baseSequenceNumber: (0xfff0 + now) & 0xffff, packetStatusCount: 60 }
      const arrivals = value.arrivals.map(({ delta }, i) => ({
        delta,
        sequenceNumber: (near.baseSequenceNumber + i) & 0xffff,
      }))
      link.feedback({ ...near, arrivals }, now)
    }),
    fc.double({ min: 0, max: 1e18, noNaN: true }).map(bps => (link: LinkEstimate, now: number) => link.remb(bps, now)),
  )
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 30 }), attacks => {
      const sender = new Sender(new LinkEstimate({ now: 0 }))
      return attacks.every(attack => {
        sender.run(1_000_000, 40)
        attack(sender.link, sender.now)
        const { targetBps, estimateBps } = sender.link
        return targetBps >= 30_000 && targetBps <= 100_000_000 && estimateBps >= targetBps
      })
    }),
    { numRuns: 60 },
  )
})

test('of who never tells anything nothing is assumed, until they do', () => {
  const sender = new Sender(new LinkEstimate({ now: 0, mostBps: 50_000_000 }))
  sender.reporting = false
  sender.run(1_000_000, 1900)
  expect(sender.link.targetBps).toBe(300_000)
  sender.run(1_000_000, 200)
  expect(sender.link.targetBps).toBe(50_000_000)
  sender.run(1_000_000, 10_000)
  expect(sender.link.targetBps).toBe(50_000_000)
  sender.reporting = true
  sender.run(1_000_000, 200)
  expect(sender.link.targetBps).toBeLessThan(2_000_000)
})
