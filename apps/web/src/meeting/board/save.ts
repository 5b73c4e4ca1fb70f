import { download } from '@parley/ui/page'

export type PictureKind = 'png' | 'svg'

/** Makes a picture of all that is drawn; undefined if nothing is. Set by the whiteboard while it is there. */
export type Draw = (kind: PictureKind) => Promise<Blob | undefined>

let draw: Draw | undefined

export function drawWith(next: Draw | undefined): void {
  draw = next
}

/** Saves the whiteboard on the person's device; false if there is nothing to save. Rejects if no picture can be made. */
export async function saveBoard(kind: PictureKind, room: string): Promise<boolean> {
  const picture = await draw?.(kind)
  if (!picture) return false
  download(`${room}-whiteboard.${kind}`, picture)
  return true
}
