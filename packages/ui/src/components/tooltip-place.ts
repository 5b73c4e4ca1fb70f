export type Side = 'top' | 'bottom' | 'left' | 'right'

export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const gap = 8
const edge = 8
const opposite: Record<Side, Side> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' }

/**
 * Where the top left corner of a tooltip goes: beside its anchor on the preferred side, on the opposite side if it does
 * not fit there, and never closer than 8 px to the edge of the viewport. All in CSS px of the viewport.
 */
export function placeTip(
  anchor: Box,
  tip: Pick<Box, 'width' | 'height'>,
  view: Pick<Box, 'width' | 'height'>,
  side: Side,
): { readonly left: number; readonly top: number } {
  const room: Record<Side, number> = {
    top: anchor.top - tip.height,
    bottom: view.height - (anchor.top + anchor.height) - tip.height,
    left: anchor.left - tip.width,
    right: view.width - (anchor.left + anchor.width) - tip.width,
  }
  const fits = room[side] >= gap + edge || room[opposite[side]] <= room[side]
  const { left, top } = beside(anchor, tip, fits ? side : opposite[side])
  return {
    left: clamp(left, edge, view.width - tip.width - edge),
    top: clamp(top, edge, view.height - tip.height - edge),
  }
}

function beside(anchor: Box, tip: Pick<Box, 'width' | 'height'>, side: Side): { left: number; top: number } {
  const middle = anchor.left + (anchor.width - tip.width) / 2
  const centre = anchor.top + (anchor.height - tip.height) / 2
  if (side === 'top') return { left: middle, top: anchor.top - tip.height - gap }
  if (side === 'bottom') return { left: middle, top: anchor.top + anchor.height + gap }
  if (side === 'left') return { left: anchor.left - tip.width - gap, top: centre }
  return { left: anchor.left + anchor.width + gap, top: centre }
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high))
