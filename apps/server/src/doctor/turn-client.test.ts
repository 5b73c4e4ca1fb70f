import { Encoder, Message, stun } from '@parley/stun'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { Channel } from './channels.ts'
import { TurnClient, transportAddress } from './turn-client.ts'

/** A channel to a server that gives prepared answers. */
class FakeChannel implements Channel {
  readonly reliable = true
  readonly sent: Uint8Array[] = []
  #listener: (bytes: Uint8Array) => void = () => {}

  send(bytes: Uint8Array): void {
    this.sent.push(bytes.slice())
  }

  onMessage(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener
  }

  close(): void {}

  say(bytes: Uint8Array): void {
    this.#listener(bytes)
  }
}

it('hears nonsense of any kind without harm, and then the answer', async () => {
  const channel = new FakeChannel()
  const client = new TurnClient(channel, { username: 'ann', credential: 'secret' })
  const asked = client.binding()
  const request = Message.decode(channel.sent[0] ?? expect.fail())
  const encoder = new Encoder(new Uint8Array(100))
  const answer = encoder.reply(request, 'success').add(stun.xorMappedAddress, transportAddress('192.0.2.1', 5)).finish()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(3), (bytes, cut) => {
      channel.say(bytes)
      channel.say(
        Uint8Array.of(1, 0x17, 0, bytes.length & ~3, 0x21, 0x12, 0xa4, 0x42, ...new Array(12).fill(0), ...bytes),
      )
      channel.say(answer.subarray(0, answer.length - cut - 1))
    }),
  )
  channel.say(answer)
  expect(String((await asked).address)).toBe('192.0.2.1')
})

it('gives a server that says nothing three seconds', async () => {
  vi.useFakeTimers()
  try {
    const asked = new TurnClient(new FakeChannel(), { username: '', credential: '' }).binding()
    const refused = expect(asked).rejects.toThrow('no answer within 3 s')
    await vi.advanceTimersByTimeAsync(3_000)
    await refused
  } finally {
    vi.useRealTimers()
  }
})
