import { describe, expect, it } from 'vitest'
import { PushToTalk } from './push-to-talk.ts'

function setUp(on = false) {
  const microphone = { on }
  const talk = new PushToTalk({
    isOn: () => microphone.on,
    set: next => {
      microphone.on = next
    },
  })
  return { talk, microphone }
}

describe('PushToTalk', () => {
  it('speaks while the key is held', () => {
    const { talk, microphone } = setUp()
    expect(talk.press()).toBe('talking')
    expect(microphone.on).toBe(true)
    talk.release()
    expect(microphone.on).toBe(false)
  })

  it('leaves an open microphone open', () => {
    const { talk, microphone } = setUp(true)
    expect(talk.press()).toBe('open')
    talk.release()
    expect(microphone.on).toBe(true)
  })

  it('is ended by a host, and cannot override the host', () => {
    const { talk, microphone } = setUp()
    talk.press()
    talk.mutedByHost()
    microphone.on = false
    talk.release()
    expect(talk.press()).toBe('blocked')
    expect(microphone.on).toBe(false)
  })

  it('works again once the person has unmuted by hand', () => {
    const { talk, microphone } = setUp()
    talk.mutedByHost()
    microphone.on = true
    talk.unmuted()
    microphone.on = false
    expect(talk.press()).toBe('talking')
  })

  it('lets go of nothing that it does not hold', () => {
    const { talk, microphone } = setUp(true)
    talk.release()
    expect(microphone.on).toBe(true)
  })
})
