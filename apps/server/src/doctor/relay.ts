import { randomBytes } from 'node:crypto'
import { messageOf } from '../failure.ts'
import { bad, type Finding, good } from '../troubles/finding.ts'
import type { Channel } from './channels.ts'
import { type Credentials, TurnClient, TurnError } from './turn-client.ts'

export interface RelayWay {
  /** Such as `TURN over udp at 10.0.0.5:3478`. */
  readonly check: string
  readonly remedy: string
  open(): Promise<Channel>
}

/** The credentials are fresh from the server that is asked. */
const strangers =
  'Another program, or a Parley that was not stopped, serves TURN there, or its clock is another than that of the server. ' +
  'Stop it, or choose another --udp-port.'

/** Allocates twice by one way and sends a datagram from one relay to the other: what a relayed call does. */
export async function checkRelay({ check, remedy, open }: RelayWay, credentials: Credentials): Promise<Finding> {
  const clients: TurnClient[] = []
  try {
    for (let i = 0; i < 2; i++) clients.push(new TurnClient(await open(), credentials))
    const [one, two] = clients as [TurnClient, TurnClient]
    const seen = await one.binding()
    const [from, to] = [await one.allocate(), await two.allocate()]
    await one.permit(to)
    await two.permit(from)
    const sent = randomBytes(32)
    one.send(to, sent)
    const { bytes } = await two.data()
    if (!sent.equals(bytes)) return bad(check, 'what came back through the relay is not what was sent', remedy)
    await Promise.all([one.release(), two.release()])
    return good(check, `seen as ${seen.address}:${seen.port}, relayed at ${from.address}:${from.port}`)
  } catch (error) {
    return bad(check, messageOf(error), error instanceof TurnError && error.code === 401 ? strangers : remedy)
  } finally {
    for (const client of clients) client.close()
  }
}
