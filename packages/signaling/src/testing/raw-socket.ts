import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A WebSocket that sends exactly what it is told to: for the plain relay, and for what no Socket.IO client would send. */
export class RawSocket {
  readonly ws: WebSocket
  readonly texts: string[] = []
  readonly closed: Promise<number>

  constructor(url: string, headers: Record<string, string> = {}) {
    this.ws = new WebSocket(url.replace(/^http/, 'ws'), { headers })
    this.closed = new Promise(done => this.ws.once('close', done))
    this.ws.on('message', data => this.texts.push(String(data)))
    // Tests look at `closed` and at what the server did.
    this.ws.on('error', () => {})
  }

  static async open(url: string, headers?: Record<string, string>): Promise<RawSocket> {
    const socket = new RawSocket(url, headers)
    await once(socket.ws, 'open')
    return socket
  }

  /** Opens an Engine.IO connection, over which Socket.IO's packets are sent by hand. */
  static async engine(url: string, headers?: Record<string, string>): Promise<RawSocket> {
    return RawSocket.open(`${url}/socket.io/?EIO=4&transport=websocket`, headers)
  }

  say(...messages: (string | object)[]): void {
    for (const message of messages) this.ws.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** The messages as JSON. */
  get messages(): unknown[] {
    return this.texts.map(text => JSON.parse(text))
  }
}
