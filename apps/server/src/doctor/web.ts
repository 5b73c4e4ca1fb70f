import { formatHostPort } from '@parley/net'
import { serverInfo } from '@parley/protocol'
import { z } from 'zod'
import { messageOf, systemCode } from '../failure.ts'
import { bad, type Finding, good, note } from '../troubles/finding.ts'
import { ask } from './ask.ts'
import type { Where } from './secure-socket.ts'

export interface WebCheck {
  readonly finding: Finding
  /** How to ask further questions; undefined: nobody is there, or another server. */
  readonly on?: Where
  /** Milliseconds since 1970, by the server's clock. */
  readonly date?: number
}

/**
 * Whether the server answers by HTTPS. If only its certificate is wrong, the finding says so, and further questions go to whoever
 * presents the certificate with this `fingerprint`, which is the one on disk.
 */
export async function checkWeb(where: Where, fingerprint: string | undefined): Promise<WebCheck> {
  const check = `HTTPS at ${formatHostPort(where.host, where.port)}`
  try {
    return await answers(check, where)
  } catch (error) {
    const wrong = certificateTrouble(systemCode(error), messageOf(error))
    if (!wrong) return { finding: unreachable(check, where, error) }
    const finding = bad(check, ...wrong)
    if (fingerprint === undefined) return { finding }
    const pinned = { ...where, pinned: fingerprint }
    const { on, date } = await answers(check, pinned).catch(
      (error): WebCheck => ({ finding: unreachable(check, where, error) }),
    )
    return { finding, ...(on && { on }), ...(date !== undefined && { date }) }
  }
}

async function answers(check: string, where: Where): Promise<WebCheck> {
  const { status, headers } = await ask(where, '/healthz')
  const date = Date.parse(headers.date ?? '')
  if (status !== 200)
    return { finding: bad(check, `answers with status ${status}`, 'Does another program use this port?') }
  return { finding: good(check, 'answers'), on: where, ...(!Number.isNaN(date) && { date }) }
}

function unreachable(check: string, { port }: Where, error: unknown): Finding {
  const remedy =
    `Is the server running, and on port ${port}? If it moved, say --port. ` +
    'If it answers on other addresses, look at --host and at the firewall.'
  // OpenSSL’s messages end with an empty line.
  return bad(check, messageOf(error).trim(), remedy)
}

/** What a TLS error means to somebody who comes with a browser; undefined if it is not a TLS error. */
function certificateTrouble(
  code: string | undefined,
  message: string,
): readonly [detail: string, remedy: string] | undefined {
  const chain = [
    'it answers, but no authority that this machine trusts has signed its certificate',
    '--cert must be the whole chain (fullchain.pem). If it was signed by an authority of your own, each device has to trust that one.',
  ] as const
  const words: Readonly<Record<string, readonly [string, string]>> = {
    CERT_HAS_EXPIRED: [
      'it answers, but its certificate has expired: browsers refuse it',
      'Renew the certificate, and see that the clock is right.',
    ],
    CERT_NOT_YET_VALID: ['it answers, but its certificate is not valid yet', 'Is the clock of this machine right?'],
    ERR_TLS_CERT_ALTNAME_INVALID: [
      `it answers, but its certificate is for another name: ${message.replace(/^.*altnames: /s, '')}`,
      'Get a certificate for the name by which people come, and say the name with --domain.',
    ],
    DEPTH_ZERO_SELF_SIGNED_CERT: chain,
    SELF_SIGNED_CERT_IN_CHAIN: chain,
    UNABLE_TO_GET_ISSUER_CERT: chain,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: chain,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: chain,
    CERT_SIGNATURE_FAILURE: [
      'it answers, but its certificate was signed by another authority than the one in the data folder',
      'Is --data-dir the folder of the server that is running?',
    ],
  }
  return words[code ?? '']
}

const notReady = z.object({ why: z.string() })

export async function checkReady(where: Where): Promise<Finding> {
  const { status, text } = await ask(where, '/readyz')
  if (status === 200) return good('readiness', 'takes new clients')
  const why = notReady.safeParse(jsonOf(text))
  const detail = why.success ? why.data.why : `status ${status}`
  return bad('readiness', detail, 'Look at the server’s log; the part that is down starts again by itself.')
}

export async function checkMedia(where: Where): Promise<Finding> {
  const { status, text } = await ask(where, '/api/info')
  const info = status === 200 ? serverInfo.safeParse(jsonOf(text)) : undefined
  if (!info?.success) return bad('SFU', `the server does not say: status ${status}`, 'Is it of this version?')
  const { sfu } = info.data
  if (sfu?.is === 'ready') return good('SFU', 'rooms of any size')
  const detail = sfu ? sfu.why : 'it is off'
  const remedy = sfu
    ? 'Rooms are a mesh, good for up to five or so. Media is forwarded where Node’s OpenSSL has DTLS-SRTP, as on Linux with the Node of nodejs.org.'
    : 'Rooms are a mesh, good for up to five or so. Remove --udp-port off.'
  return note('SFU', detail, remedy)
}

/** Whether a WebSocket can be opened there, as browsers do for signalling. */
export async function checkWebSocket(where: Where): Promise<Finding> {
  const check = `WebSockets at ${formatHostPort(where.host, where.port)}`
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  }
  const remedy =
    'The reverse proxy must pass upgrades. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; ' +
    'proxy_set_header Connection "upgrade". Apache: mod_proxy_wstunnel. Caddy and Traefik do by themselves.'
  try {
    const { status } = await ask(where, '/socket.io/?EIO=4&transport=websocket', headers)
    if (status === 101) return good(check, 'they pass')
    return bad(check, `the wish for one is answered with status ${status}: guests go on by polling, slower`, remedy)
  } catch (error) {
    return bad(
      check,
      `the wish for one is not answered (${messageOf(error).trim()}): guests go on by polling, slower`,
      remedy,
    )
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A proxy may have answered in place of the server.
    return undefined
  }
}
