import type { z } from 'zod'
import * as board from './board.ts'
import { describeSchema, linkTo, nameSchemas } from './describe-schema.ts'
import { errorCodes } from './errors.ts'
import { events } from './events.ts'
import { grants, handshake, tokenClaims } from './handshake.ts'
import { limits } from './limits.ts'
import * as media from './media.ts'
import * as model from './model.ts'
import * as primitives from './primitives.ts'
import { relayAuth, relayMessage } from './relay.ts'
import { requests } from './requests.ts'
import { signalBody } from './signal.ts'

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
  RoomTopology: model.roomTopology,
  BoardEntry: board.boardEntry,
  BoardPlace: board.boardPlace,
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
A client connects with Socket.IO (version 4) to \`/socket.io\` on the server's HTTPS port, by WebSocket or long polling, with
this as \`auth\`. Tokens are never part of a URL.

${describeSchema(handshake)}

If the server refuses, the client gets \`connect_error\` with the [error](#errors) as \`data\`. Otherwise the first event is
[\`welcome\`](#welcome), which says who the client is and has a ticket for reconnecting. A message has at most ${limits.messageBytes / 1024} KiB.

A **request** is an event with one object and an acknowledgement: \`{ ok: true, value }\` or
\`{ ok: false, error: { code, message, remedy } }\`. Unknown fields are refused. Every request may be sent twice, with the effect
of sending it once. Requests that come too fast are refused with \`rate-limited\`; a flood closes the connection. An **event**
from the server has two arguments: the payload, and its number in the server's log, which only rises. (\`welcome\` and the events of the
whiteboard have none.)
Clients ignore events and fields that they do not know.

A **token** is a JWT (HS256, \`aud: "parley"\`) with the claims ${linkTo('TokenClaims')}. With \`--auth open\`, the server makes one
for clients that have none, and sends it in \`welcome\`.`

const resuming = `
The **session** of a socket that breaks is kept for ${seconds(limits.seatMs)} after its last sign of life: it keeps its seats in rooms, its call
and its presence. A client that disconnects by itself gives everything up at once.

A client that comes back sends the \`ticket\` of the last \`welcome\`, the token that belongs to it, and in \`after\` the number of
the last event that it saw. If \`welcome\` then says \`resumed: true\`, all events that it missed follow, in order. If the session
is over, the token grants something else, the server has restarted, or more was missed than it keeps, \`welcome\` says
\`resumed: false\`: the session has the same id, but has to join its rooms again, and \`after\` begins anew.

A session has one socket: a newer one with the same ticket takes over, and the older one is disconnected. When the server
stops, it sends [\`server.stopping\`](#serverstopping) and closes the connection; the client then tries again.`

const negotiating = `
In a mesh, peers negotiate with each other (\`signal.send\`, [\`signal\`](#signal)): the server passes descriptions and candidates
on to one other member of the same room, and checks only their shape and size. \`restart\` asks the other side for an offer
with an ICE restart.

When the topology of a room changes ([\`room.topology\`](#roomtopology)), everybody keeps the old connections open until all have
said \`settled\` ([\`media.report\`](#mediareport)) and the server has told all of them [\`room.settled\`](#roomsettled); it keeps their seats
at the SFU for as long. In \`auto\`, two people move to the SFU if one of them reports the mesh as \`failed\`, or if a mesh that
replaced the SFU has not settled after 20 s. The mesh is then not tried again until somebody comes or leaves.`

const drawing = `
A room has a whiteboard, of which the server knows nothing but a table: entries with a key, a version, a nonce and an opaque
value, up to ${limits.boardValueChars / 1024} KiB. Of two entries with one key the higher version wins, and of the same version the lower nonce, so that
everybody ends up with the same whatever the order. A version is at most ${limits.boardVersionStep.toLocaleString('en')} above the one before. What is deleted stays as an
entry that is \`gone\`.

Whoever opens it sends \`board.follow\`, goes on from page to page, and is told of later changes by [\`board\`](#board). These are not
kept to be sent again: every change has its place (\`after\`, \`revision\`), and a client that sees that it has missed one, or comes back, follows again from
the last place that it knows. A room's board is kept for ${limits.boardShelfMs / 60_000} minutes after the last has left; after a restart of the server those who have
it put it there again.

The keys of the web app: \`el/<id>\` is an element, as JSON; \`file/<id>/<n>\` is a part of a picture.`

const calling = `
\`\`\`mermaid
stateDiagram-v2
  [*] --> ringing: call.invite
  [*] --> ended: busy
  ringing --> accepted: call.accept by a tab of the callee, or an invitation in the other direction
  ringing --> ended: rejected (call.reject), cancelled (call.cancel, or the caller goes), no-answer (${seconds(limits.ringMs)})
  accepted --> ended: hung-up (call.hangup, or one leaves the room), peer-lost (a seat expires)
\`\`\`

The server holds the state of a call; media begins after \`accepted\`. The callee must be online, that is, must have set a
presence. You cannot call yourself (\`call-self\`), or make a call during another (\`call-in-progress\`). Somebody who is in a call
or a room is busy: the call ends with that outcome in the answer to \`call.invite\`, and nobody else is told.

A call rings in every tab of the callee; the one that accepts is \`calleeSession\`, and the others stop. If the callee goes away
while it rings, for instance by a reload, it goes on ringing until \`no-answer\`. An accepted call names a room that only its two
sessions can enter (\`room-private\`); both join it like any other. The room ends with the call (\`room.ended\`, \`closed\`). A
request that does not fit the state is refused with \`call-state\`; one that has already taken effect is answered with the call
as it is. To everybody else, the call does not exist (\`no-such-call\`).

**Presence** is \`offline\` until a session sets it. From then on a person is \`in-call\` while any of their sessions is in an
accepted call or a room, else \`available\` if any session says so, else \`away\`. A token for one room opens neither presence nor
calls.`

const relaying = `
For pages with their own signalling: a plain WebSocket at \`/relay/<room>\`, in JSON, without Socket.IO. Its rooms are separate
from all others.
Every object with a \`type\` (up to ${relayMessage.shape.type.maxLength} characters: \`offer\`, \`answer\`, \`candidate\`, \`ready\`, \`bye\` or any other) goes, byte for
byte, to the others in the room.

- The server sends \`{"type":"error","code":"…","message":"…"}\` about what it could not pass on; the connection stays open.
- It sends \`{"type":"bye"}\` for a peer that left without saying so itself.
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
    section('The whiteboard', drawing.trim()),
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
