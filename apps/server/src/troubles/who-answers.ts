import { X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { udpChannel } from '../doctor/channels.ts'
import { type Credentials, TurnClient, TurnError } from '../doctor/turn-client.ts'
import type { Answering } from './public-address.ts'

const answerMs = 3_000

export interface ThisServer {
  /** The certificate that it serves, PEM. */
  readonly certificate: string
  /** HTTPS. */
  readonly port: number
  /** Undefined: STUN and TURN are off. */
  readonly turn: { readonly port: number; readonly credentials: Credentials } | undefined
}

/**
 * Finds out who is at an address or name, as a guest would: by HTTPS, where the certificate tells, and by TURN, where only this
 * server can sign the answers. One of the two is enough; takes 4 s at most.
 */
export async function whoAnswers(host: string, { certificate, port, turn }: ThisServer): Promise<Answering> {
  const [web, relay] = await Promise.all([
    overTls(host, port, certificate),
    turn && overTurn(host, turn.port, turn.credentials),
  ])
  if (web === 'this server' || relay === 'this server') return 'this server'
  return web === 'another' || relay === 'another' ? 'another' : 'nobody'
}

function overTls(host: string, port: number, certificate: string): Promise<Answering> {
  const ours = new X509Certificate(certificate).fingerprint256
  return new Promise(resolve => {
    // It may be anybody: nothing is sent, and only the certificate is looked at.
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: answerMs }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 === ours ? 'this server' : 'another')
      socket.destroy()
    })
    socket.once('timeout', () => socket.destroy())
    socket.once('error', () => socket.destroy())
    socket.once('close', () => resolve('nobody'))
  })
}

async function overTurn(host: string, port: number, credentials: Credentials): Promise<Answering> {
  let client: TurnClient | undefined
  try {
    client = new TurnClient(await udpChannel(host, port), credentials)
    await client.allocate()
    await client.release()
    return 'this server'
  } catch (error) {
    // A server that refuses what this one would accept is another one; an unreachable address has nobody.
    return error instanceof TurnError && error.code === 401 ? 'another' : 'nobody'
  } finally {
    client?.close()
  }
}
