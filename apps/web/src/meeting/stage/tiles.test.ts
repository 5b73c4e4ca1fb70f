import { describe, expect, it } from 'vitest'
import { person, roomState, trackState } from '../testing/states.ts'
import { inOrder, priorityOf, tileViews } from './tiles.ts'

const sharing = person('ann', { tracks: [trackState('screen'), trackState('camera'), trackState('microphone')] })

describe('tileViews', () => {
  it('shows oneself, the others and what they share', () => {
    const tiles = tileViews(roomState({ participants: [sharing, person('ben')] }), false)
    expect(tiles.map(tile => tile.key)).toEqual(['camera:me', 'camera:ann', 'camera:ben', 'screen:ann'])
  })

  it('hides oneself, but never the only person, nor what one shares', () => {
    expect(tileViews(roomState(), true).map(tile => tile.key)).toEqual(['camera:me'])
    const self = person('me', { local: true, tracks: [trackState('screen')] })
    const tiles = tileViews(roomState({ self, participants: [person('ben')] }), true)
    expect(tiles.map(tile => tile.key)).toEqual(['camera:ben', 'screen:me'])
  })

  it('gives the same tile for whoever did not change', () => {
    const state = roomState({ participants: [sharing, person('ben')] })
    const before = tileViews(state, false)
    const after = tileViews({ ...state, participants: [sharing, person('ben', { hand: 1 })] }, false)
    expect(after.map((tile, i) => tile === before[i])).toEqual([true, true, false, true])
  })

  it('tells a muted microphone from none', () => {
    const muted = person('ben', { tracks: [trackState('microphone', { muted: true })] })
    const tiles = tileViews(roomState({ participants: [sharing, muted] }), false)
    expect(tiles.map(tile => tile.microphone)).toEqual(['none', 'on', 'muted', 'on'])
  })
})

describe('inOrder', () => {
  it('follows the order and leaves out what it does not know', () => {
    const tiles = tileViews(roomState({ participants: [person('ann'), person('ben')] }), false)
    expect(inOrder(tiles, ['camera:ben', 'camera:gone', 'camera:me']).map(tile => tile.key)).toEqual([
      'camera:ben',
      'camera:me',
    ])
  })
})

describe('priorityOf', () => {
  it('puts screens, the large tile, the pinned one and the speaker first, and the strip beside a large tile last', () => {
    const tiles = tileViews(roomState({ participants: [sharing, person('ben'), person('cho')] }), true)
    const priorities = (main?: string) => tiles.map(tile => priorityOf(tile, main, [undefined, 'camera:cho']))
    expect(priorities()).toEqual(['normal', 'normal', 'high', 'high'])
    expect(priorities('camera:ben')).toEqual(['low', 'high', 'high', 'high'])
  })
})
