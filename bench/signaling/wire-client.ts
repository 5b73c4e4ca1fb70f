import { WebSocket } from 'ws'

/**
 * Speaks just enough of Engine.IO 4 and Socket.IO 5 over one WebSocket, and hands packets on as text. It is so light that the load
 * generator is not what limits the measurement.
 */
export class WireClient {
  readonly #socket: WebSocket
  readonly #acks = new Map<number, (reply: string) => void>()
  #requests = 0
  /** The first event's packet. */
  welcome = ''
  /** Bytes of packets received. */
  received = 0
  /** Is given each event's packet, `42["name",…]`. */
  onEvent: (packet: string) => void = () => undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /**
   * Connects to `ws://host:port` or, with a certificate authority, `wss:`; resolves with the first event, the welcome.
   * `localAddress`: where it comes from.
   */
  static open(origin: string, auth: object, ca?: Buffer, localAddress?: string): Promise<WireClient> {
    return new Promise((resolve, reject) => {
      const url = `${origin}/socket.io/?EIO=4&transport=websocket`
      const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true, ca, localAddress })
      const client = new WireClient(socket)
      client.onEvent = packet => {
        client.welcome = packet
        resolve(client)
      }
      socket.on('message', (data: Buffer) => client.#receive(data.toString(), auth))
      socket.once('error', reject)
      socket.once('close', code => reject(new Error(`the server closed the connection: ${code}`)))
    })
  }

  /** Calls back with the acknowledgement's packet. */
  request(name: string, payload: object, onReply: (packet: string) => void): void {
    const id = this.#requests++
    this.#acks.set(id, onReply)
    this.#socket.send(`42${id}${JSON.stringify([name, payload])}`)
  }

  close(): void {
    this.#socket.terminate()
  }

  #receive(packet: string, auth: object): void {
    this.received += packet.length
    if (packet.startsWith('42')) this.onEvent(packet)
    else if (packet.startsWith('43')) this.#acknowledge(packet)
    else if (packet === '2')
      this.#socket.send('3') // ping, pong
    else if (packet.startsWith('0')) this.#socket.send(`40${JSON.stringify(auth)}`)
    else if (!packet.startsWith('40')) throw new Error(`an unexpected packet: ${packet}`)
  }

  #acknowledge(packet: string): void {
    const id = Number.parseInt(packet.slice(2, 12), 10)
    const onReply = this.#acks.get(id)
    if (!onReply) throw new Error(`an acknowledgement of nothing: ${packet}`)
    this.#acks.delete(id)
    if (!packet.includes('[{"ok":true')) throw new Error(`refused: ${packet}`)
    onReply(packet)
  }
}
