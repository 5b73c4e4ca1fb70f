import {
  drawBackground,
  drawSample,
  type FilterName,
  filterNames,
  filters,
  type ImageName,
  imageNames,
  type Pen,
  recolourCanvas,
  type StickerName,
  stickerNames,
} from '@parley/effects'

type Draw = (pen: Pen, size: { readonly width: number; readonly height: number }) => void
type Drawn = Exclude<ImageName, 'own'>

const table = <Name extends string>(names: readonly Name[], draw: (name: Name) => Draw) =>
  Object.fromEntries(names.map(name => [name, draw(name)])) as Record<Name, Draw>

const isDrawn = (name: ImageName): name is Drawn => name !== 'own'

/** What is behind the drawn person where it is not what the picture is about. */
const room: Draw = (pen, size) => drawBackground('shelves', pen, size)

/** The small pictures of the choices. */
export const drawings = {
  images: table<Drawn>(imageNames.filter(isDrawn), name => (pen, size) => drawBackground(name, pen, size)),
  filters: table<FilterName>(filterNames, name => (pen, size) => {
    drawBackground('meadow', pen, size)
    drawSample(pen, size)
    recolourCanvas(pen, size, filters[name])
  }),
  stickers: table<StickerName>(stickerNames, name => (pen, size) => {
    pen.fillStyle = '#cfe3e1'
    pen.fillRect(0, 0, size.width, size.height)
    drawSample(pen, size, name)
  }),
  none: ((pen, size) => {
    room(pen, size)
    drawSample(pen, size)
  }) satisfies Draw,
  bare: ((pen, size) => {
    pen.fillStyle = '#cfe3e1'
    pen.fillRect(0, 0, size.width, size.height)
    drawSample(pen, size)
  }) satisfies Draw,
  light: blurred(2.5),
  strong: blurred(7),
}

function blurred(radius: number): Draw {
  return (pen, size) => {
    // Drawn larger, so that the blur finds something beyond the edges.
    pen.filter = `blur(${radius}px)`
    pen.save()
    pen.translate(-size.width * 0.05, -size.height * 0.05)
    room(pen, { width: size.width * 1.1, height: size.height * 1.1 })
    pen.restore()
    pen.filter = 'none'
    drawSample(pen, size)
  }
}
