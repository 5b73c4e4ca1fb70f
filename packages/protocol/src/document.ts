import type { z } from 'zod'
import { describeSchema, linkTo, nameSchemas } from './describe-schema.ts'
import { errorCodes } from './errors.ts'
import { events } from './events.ts'
import { handshake } from './handshake.ts'
import { limits } from './limits.ts'
import * as media from './media.ts'
import * as model from './model.ts'
import * as primitives from './primitives.ts'
import { relayAuth, relayMessage } from './relay.ts'
import { requests } from './requests.ts'
import { signalBody } from './signal.ts'
import { grants, tokenClaims } from './token.ts'
import { roomTopology } from './topology.ts'

const types: Readonly<Record<string, z.ZodType>> = {
  RoomName: primitives.roomName,
  Identity: primitives.identity,
  ParticipantId: primitives.participantId,
  DisplayName: primitives.displayName,
  Metadata: primitives.metadata,
  ClientId: primitives.clientId,
  Timestamp: primitives.timestamp,
  Participant: model.participant,
  Track: model.track,
  RoomSnapshot: model.roomSnapshot,
  ChatMessage: model.chatMessage,
  Signal: signalBody.shape.signal,
  MediaSignal: media.mediaBody.shape.signal,
  RoomTopology: roomTopology,
  SubscriptionWish: media.subscriptionWish,
  Person: model.person,
  Presence: model.presence,
  Call: model.call,
  CallState: model.callState,
  IceServer: model.iceServer,
  TokenClaims: tokenClaims,
  Grants: grants,
}

const seconds = (ms: number) => `${ms / 1000} s`

const connecting = `
A client opens Socket.IO (version 4) at \`/socket.io\` of the server's HTTPS port, on WebSocket or long polling, with this
as \`auth\`. A token never travels in a URL.

${describeSchema(handshake)}

If the server refuses, the client gets \`connect_error\` with the [error](#errors) as \`data\`. Otherwise the first event is
[\`welcome\`](#welcome): who one is, and a ticket for coming back. A message is at most ${limits.messageBytes / 1024} KiB.

A **request** is an event with one object and an acknowledgement: \`{ ok: true, value }\` or
\`{ ok: false, error: { code, message, remedy } }\`. Unknown fields are refused. Every request may be sent again: doing it
twice is doing it once. What comes too fast is refused with \`rate-limited\`; a flood closes the connection. An **event** from the server has two arguments: the payload, and its place in the server's log, a
number that only rises. (\`welcome\` has none.) Clients ignore events and fields that they do not know.

A **token** is a JWT (HS256, \`aud: "parley"\`); what it may claim is ${linkTo('TokenClaims')}. A server that runs with
\`--auth open\` makes one for who brings none, and hands it out in \`welcome\`.`

const resuming = `
A socket that breaks keeps its **seat** for ${seconds(limits.seatMs)} after its last sign of life: in rooms it stays in
the roster, its call goes on, its presence stands. A client that disconnects by itself gives everything up at once.

Who comes back shows the \`ticket\` of the last \`welcome\`, the token it belongs to, and in \`after\` the number of the last
event that it saw. Then \`welcome\` says \`resumed: true\`, and everything missed follows, in order, each event once. If the
seat is gone, the token grants something else, the server was restarted, or more was missed than it keeps, \`welcome\` says
\`resumed: false\`: the session has the same id, and joins its rooms again. \`after\` begins anew with it.

A session has one socket: a newer one with the same ticket takes over, and the older is disconnected. When the server
stops it says [\`server.stopping\`](#serverstopping) and lets go of the connection; the client tries again.`

const negotiating = `
Media negotiation is between peers (\`signal.send\`, [\`signal\`](#signal)): the server passes descriptions and candidates on,
to one other member of the same room, and reads none of it but its sizes. \`restart\` asks the other side for an offer with
an ICE restart.

A room whose media changes its way ([\`room.topology\`](#roomtopology)) keeps the old one open until everybody there has said
\`settled\` ([\`media.report\`](#mediareport)) and the server has answered all of them with [\`room.settled\`](#roomsettled); seats
at the SFU are kept as long. In \`auto\`, two people whose mesh one of them calls \`failed\` go to the SFU, and so do those whose
mesh is not settled 20 s after it took the SFU's place; the mesh is not tried again until somebody comes or goes.`

const calling = `
\`\`\`mermaid
stateDiagram-v2
  [*] --> ringing: call.invite
  [*] --> ended: busy
  ringing --> accepted: call.accept by a tab of the callee, or an invitation in the other direction
  ringing --> ended: rejected (call.reject), cancelled (call.cancel, or the caller goes), no-answer (${seconds(limits.ringMs)})
  accepted --> ended: hung-up (call.hangup, or one leaves the room), peer-lost (a seat expires)
\`\`\`

The server holds the state; media begins after \`accepted\`. The callee must be online, that is, have set a presence. One
cannot call oneself (\`call-self\`), nor while one calls, is called or talks (\`call-in-progress\`). Whoever is in a call or
sits in a room is busy: the call ends with that outcome in the answer to \`call.invite\`, and nobody else hears of it.

It rings in every tab of the callee; the one that accepts is \`calleeSession\`, the others stop. A callee who goes away
while it rings may come back to it, as on a reload: it ends by \`no-answer\`. An accepted call names a room that only its
two sessions can enter (\`room-private\`); both join it like any other. With the call the room ends too (\`room.ended\`,
\`closed\`). A message in the wrong state is refused with \`call-state\`; one that has taken effect already is answered with
the call as it is. To everybody else the call does not exist (\`no-such-call\`).

**Presence** is \`offline\` until a session sets it. Then a person is \`in-call\` while any of their sessions is in an accepted
call or a room; else \`available\` if any session says so; else \`away\`. A token for one room opens neither presence nor calls.`

const relaying = `
For who brings their own page: a plain WebSocket at \`/relay/<room>\`, in JSON, without Socket.IO. Its rooms are its own.
Every object with a \`type\` (up to ${relayMessage.shape.type.maxLength} characters: \`offer\`, \`answer\`, \`candidate\`, \`ready\`, \`bye\` or any other) goes, byte for
byte, to the others in the room.

- The server says \`{"type":"error","code":"…","message":"…"}\` about what it could not pass on; the connection lives.
- It says \`{"type":"bye"}\` for a peer that went without saying so itself.
- With \`--auth token\` the first message must be the token, within 10 s; it is never passed on. A bad one is answered with
  an error and may be tried again.

${describeSchema(relayAuth)}

The connection closes with 4401 without a token, 4409 if the room is full, 1009 for a message over ${limits.messageBytes / 1024} KiB, 1001 when the
server stops.`

const heading = (level: number, text: string) => `${'#'.repeat(level)} ${text}`
const section = (title: string, ...parts: readonly string[]) => [heading(2, title), ...parts].join('\n\n')

const nameOf = (schema: z.ZodType) => Object.keys(types).find(name => types[name] === schema)

function requestSection(
  name: string,
  { doc, input, output }: { doc: string; input: z.ZodType; output: z.ZodType },
): string {
  return [heading(3, `\`${name}\``), doc, describeSchema(input), answerText(output)].join('\n\n')
}

function answerText(output: z.ZodType): string {
  const named = nameOf(output)
  if (named) return `Answer: ${linkTo(named)}`
  const fields = describeSchema(output)
  return fields === 'No fields.' ? 'Answer: an empty object.' : `Answer:\n\n${fields}`
}

function eventSection(name: string, { doc, payload }: { doc: string; payload: z.ZodType }): string {
  const named = nameOf(payload)
  const shape = named ? `Payload: ${linkTo(named)}` : describeSchema(payload)
  return [heading(3, `\`${name}\``), doc, shape].join('\n\n')
}

/** The whole protocol as Markdown, made from the tables: docs/protocol.md. */
export function document(): string {
  nameSchemas(types)
  const errors = Object.entries(errorCodes).map(
    ([code, { status, message, remedy }]) => `| \`${code}\` | ${status} | ${message} | ${remedy} |`,
  )
  return `${[
    '# The signalling protocol',
    'Made from the tables in `packages/protocol` by `npx tsx packages/protocol/write-docs.ts`; do not edit by hand.',
    section('Connecting', connecting.trim()),
    section('Coming back', resuming.trim()),
    section('Negotiating', negotiating.trim()),
    section('Calls and presence', calling.trim()),
    section('Requests', ...Object.entries(requests).map(([name, request]) => requestSection(name, request))),
    section('Events', ...Object.entries(events).map(([name, event]) => eventSection(name, event))),
    section(
      'Types',
      ...Object.entries(types).map(([name, type]) => `${heading(3, `Type ${name}`)}\n\n${describeSchema(type)}`),
    ),
    section('Errors', ['| Code | HTTP | What happened | What to do |', '|---|---|---|---|', ...errors].join('\n')),
    section('The plain relay', relaying.trim()),
  ].join('\n\n')}\n`
}
