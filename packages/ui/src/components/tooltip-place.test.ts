import { describe, expect, it } from 'vitest'
import { placeTip } from './tooltip-place.ts'

const view = { width: 400, height: 300 }
const tip = { width: 100, height: 30 }
const button = (left: number, top: number) => ({ left, top, width: 44, height: 44 })

describe('placeTip', () => {
  it('sits centred beside its anchor', () => {
    expect(placeTip(button(200, 150), tip, view, 'top')).toEqual({ left: 172, top: 112 })
    expect(placeTip(button(200, 150), tip, view, 'bottom')).toEqual({ left: 172, top: 202 })
    expect(placeTip(button(200, 150), tip, view, 'left')).toEqual({ left: 92, top: 157 })
    expect(placeTip(button(200, 150), tip, view, 'right')).toEqual({ left: 252, top: 157 })
  })

  it('turns over where there is no room', () => {
    expect(placeTip(button(200, 10), tip, view, 'top').top).toBe(62)
    expect(placeTip(button(200, 250), tip, view, 'bottom').top).toBe(212)
  })

  it('stays inside the view', () => {
    expect(placeTip(button(0, 150), tip, view, 'top').left).toBe(8)
    expect(placeTip(button(356, 150), tip, view, 'top').left).toBe(292)
  })
})
