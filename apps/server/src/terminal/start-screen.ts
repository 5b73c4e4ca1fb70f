import type { EdgeInfo } from '@parley/edge'
import { renderUnicodeCompact } from 'uqr'
import { colours, noPaint, type Paint } from './paint.ts'

export interface StartScreen {
  readonly version: string
  readonly startedInMs: number
  /** For this machine itself. */
  readonly url: string
  /** For others, the best first. */
  readonly urls: readonly string[]
  /** The owner brought the certificate: nothing needs to be said. */
  readonly certificate: 'own' | 'self-made'
  /** The page that explains how to trust our own authority; undefined if the plain HTTP port is off. */
  readonly trustUrl: string | undefined
  readonly auth: 'open' | 'token'
  /** STUN and TURN; undefined when they are off. */
  readonly edge: EdgeInfo | undefined
  /** Whether relayed addresses are public. */
  readonly publicAddress: boolean
  /** Such as `8443 is taken, so it is 8444`. */
  readonly notes: readonly string[]
  /** Undefined when it is not a terminal. */
  readonly columns: number | undefined
  readonly colour: boolean
}

const mostAddresses = 3

/** What the person who started the server reads: where it is, and what to know about it. Mentions only what is on. */
export function startScreen(screen: StartScreen): string {
  const paint = screen.colour ? colours : noPaint
  const seconds = (screen.startedInMs / 1000).toFixed(1)
  const others = screen.urls.slice(0, mostAddresses)
  const warnings = [
    ...screen.notes,
    ...certificateNote(screen, paint),
    ...relayNote(screen),
    ...mediaNote(screen),
    ...(screen.auth === 'open' ? ['Anyone who reaches this server can join. --auth token to change'] : []),
  ]
  const lines = [
    '',
    `${paint.bold(`Parley ${screen.version}`)} ready in ${seconds} s`,
    `This computer  ${paint.link(screen.url)}`,
    ...others.map((url, index) => `${index === 0 ? 'Your network ' : '             '}  ${paint.link(url)}`),
    ...qrCode(others[0], screen),
    ...edgeLines(screen),
    ...warnings.map(warning => `${paint.warn('!')} ${warning}`),
    `Lab            ${paint.link(`${screen.url}/lab`)}${screen.columns === undefined ? '' : paint.soft('  ·  Stop  Ctrl+C')}`,
    '',
  ]
  return `${lines.map(line => (line ? ` ${line}` : '')).join('\n')}\n`
}

function edgeLines({ edge }: StartScreen): string[] {
  if (!edge) return []
  const media = edge.sfu?.is === 'ready' ? `   Media  udp/tcp ${edge.sfu.ports.join(', ')} ✓` : ''
  return [`STUN/TURN      udp/tcp ${edge.port} ✓${media}`]
}

function relayNote({ edge, publicAddress }: StartScreen): string[] {
  return edge && !publicAddress ? ['No public address set: calls from the internet may fail (--public-ip)'] : []
}

function mediaNote({ edge }: StartScreen): string[] {
  if (edge?.sfu?.is !== 'missing') return []
  return [
    `No SFU here, rooms are a mesh of up to five or so: ${edge.sfu.why}. The Node of nodejs.org on Linux (glibc) has what it needs`,
  ]
}

function certificateNote({ certificate, trustUrl }: StartScreen, paint: Paint): string[] {
  if (certificate === 'own') return []
  const note = 'Self-made certificate: browsers warn once.'
  return [trustUrl === undefined ? note : `${note} Trust it: ${paint.link(trustUrl)}`]
}

/** A QR code for phones, if it fits the terminal. */
function qrCode(url: string | undefined, { columns = 0, colour }: StartScreen): string[] {
  if (url === undefined) return []
  const rows = renderUnicodeCompact(url, { border: 2 }).split('\n')
  const width = Math.max(...rows.map(row => row.length))
  if (columns < width + 4) return []
  // Light blocks on black, whatever the terminal's own colours: cameras expect the contrast.
  return rows.map(row => (colour ? `\u001b[97;40m${row}\u001b[0m` : row))
}
