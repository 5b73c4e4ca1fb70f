import { closeSync, openSync, writeSync } from 'node:fs'
import { seededRandom } from '@parley/testkit'

const width = 1280
const height = 720
const framesPerSecond = 20
/** They are played again and again. */
const frames = 40
/** Sides of the squares of which a picture is made, and how far it moves from one to the next; pixels. */
const square = 8
const step = 4

/** Writes a film (YUV4MPEG2) that takes an encoder some 2 Mbit/s: squares of all shades that move to the side, with grain. */
export function writeVideo(file: string): void {
  const random = seededRandom(5)
  const columns = (width + frames * step) / square + 1
  const shades = Uint8Array.from({ length: columns * (height / square) }, () => 60 + 130 * random())
  const grain = Uint8Array.from({ length: 4099 }, () => 6 * random())
  const to = openSync(file, 'w')
  writeSync(to, `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`)
  const picture = new Uint8Array((width * height * 3) / 2).fill(128)
  for (let frame = 0; frame < frames; frame++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const shade = shades[Math.floor(y / square) * columns + Math.floor((x + frame * step) / square)] as number
        picture[y * width + x] = shade + (grain[(y * width + x + frame * 977) % grain.length] as number)
      }
    }
    writeSync(to, 'FRAME\n')
    writeSync(to, picture)
  }
  closeSync(to)
}
