import { describe, expect, it } from 'vitest'
import { announcements } from './announcements.ts'
import { person, roomState, trackState } from './testing/states.ts'

function said(before: Parameters<typeof roomState>[0], after: Parameters<typeof roomState>[0]): string[] {
  return announcements(roomState(before), roomState(after)).map(({ key, name }) => `${key} ${name}`)
}

describe('announcements', () => {
  it('tells who comes and goes', () => {
    expect(said({ participants: [person('ann')] }, { participants: [person('ben')] })).toEqual([
      'left ann',
      'joined ben',
    ])
  })

  it('tells of hands and shared screens', () => {
    const busy = person('ann', { hand: 5, tracks: [trackState('screen')] })
    expect(said({ participants: [person('ann')] }, { participants: [busy] })).toEqual(['handUp ann', 'sharing ann'])
    expect(said({ participants: [busy] }, { participants: [person('ann')] })).toEqual([
      'handDown ann',
      'sharingEnded ann',
    ])
  })

  it('tells of our own microphone, not of the others’', () => {
    const with_ = (id: string, muted: boolean) => person(id, { tracks: [trackState('microphone', { muted })] })
    expect(said({ self: with_('me', false) }, { self: with_('me', true) })).toEqual(['muted me'])
    expect(said({ self: with_('me', true) }, { self: with_('me', false) })).toEqual(['unmuted me'])
    expect(said({ participants: [with_('ann', true)] }, { participants: [with_('ann', false)] })).toEqual([])
  })

  it('is silent where nothing changed', () => {
    const state = roomState({ participants: [person('ann')] })
    expect(announcements(state, state)).toEqual([])
    expect(announcements(state, { ...state })).toEqual([])
  })
})
