import { expect, it } from 'vitest'
import { modelOf, parseSound } from './choices.ts'

const usual = { noise: 'basic', echoCancellation: true, autoGainControl: true }

it.each([undefined, null, 'loud', [], { noise: 'silence', echoCancellation: 'no' }])(
  'the sound is what browsers do by themselves where nothing of use was stored: %j',
  stored => expect(parseSound(stored)).toEqual(usual),
)

it('what was chosen for the sound comes back', () => {
  const chosen = { noise: 'strong', echoCancellation: false, autoGainControl: false }
  expect(parseSound(chosen)).toEqual(chosen)
})

it('only standard and strong need a model', () => {
  const levels = (['off', 'basic', 'standard', 'strong'] as const).map(noise => modelOf({ ...parseSound({}), noise }))
  expect(levels).toEqual([undefined, undefined, 'standard', 'strong'])
})
