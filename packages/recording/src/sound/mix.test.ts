import { expect, test } from 'vitest'
import { person, track } from '../testing/people.ts'
import { SoundMix, voicesOf } from './mix.ts'

function tape() {
  const heard: string[] = []
  const mix = new SoundMix(({ id }) => {
    heard.push(`+${id}`)
    return () => void heard.push(`-${id}`)
  })
  const take = () => heard.splice(0)
  return { mix, take }
}

const voice = (key: string, id: string) => ({ key, track: { id } as MediaStreamTrack })

test('sounds come and go, and each is connected once', () => {
  const { mix, take } = tape()
  const [ann, bob] = [voice('ann', 'a1'), voice('bob', 'b1')]
  mix.set([ann])
  mix.set([ann, bob])
  expect(take()).toEqual(['+a1', '+b1'])
  mix.set([ann, bob])
  expect(take()).toEqual([])
  mix.set([bob])
  expect(take()).toEqual(['-a1'])
  mix.close()
  mix.close()
  expect(take()).toEqual(['-b1'])
})

test('another device in the place of one takes its place in the mix', () => {
  const { mix, take } = tape()
  mix.set([voice('ann', 'a1')])
  mix.set([voice('ann', 'a2')])
  expect(take()).toEqual(['+a1', '-a1', '+a2'])
})

test('everything is heard that is not muted: ourselves, the others, the sound of a screen', () => {
  const self = person('me', { tracks: [track('microphone', 'm')] })
  const ann = person('ann', { tracks: [track('microphone', 'a', { muted: true }), track('screen-audio', 's')] })
  const bob = person('bob', { tracks: [track('camera', 'c'), track('microphone', undefined)] })
  expect(voicesOf({ self, participants: [ann, bob] }).map(({ key, track: { id } }) => `${key}: ${id}`)).toEqual([
    'me microphone: m',
    'ann screen-audio: s',
  ])
})
