/** Colours of a terminal (ECMA-48 SGR), or none. */
export interface Paint {
  bold(text: string): string
  soft(text: string): string
  link(text: string): string
  warn(text: string): string
}

const plain = (text: string) => text
const sgr = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`

export const noPaint: Paint = { bold: plain, soft: plain, link: plain, warn: plain }

export const colours: Paint = { bold: sgr(1, 22), soft: sgr(2, 22), link: sgr(36, 39), warn: sgr(33, 39) }
