import type { RequestInput, RequestName } from '@parley/protocol'

/** A valid input for every request, with all optional fields. */
export const samples: { readonly [K in RequestName]: RequestInput<K> } = {
  'room.join': { room: 'x', name: 'Mallory', metadata: 'm', capacity: 10, topology: 'auto', topologyNow: 'mesh' },
  'room.peek': { room: 'x' },
  'room.leave': { room: 'nowhere' },
  'participant.update': {
    room: 'x',
    name: 'Mallory',
    metadata: 'm',
    hand: true,
    recording: true,
    tracks: [{ id: 't', source: 'camera', muted: false, encrypted: true }],
    mutesHeard: 0,
  },
  'signal.send': {
    room: 'x',
    to: 'nobody',
    connection: 'pc',
    seq: 1,
    signal: {
      kind: 'candidate',
      candidate: { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' },
    },
  },
  'key.send': { room: 'x', to: 'nobody', key: 'AQ' },
  'media.negotiate': {
    room: 'x',
    side: 'publish',
    connection: 'pc',
    seq: 1,
    signal: { kind: 'description', description: { type: 'offer', sdp: 'v=0' }, answers: 1, tracks: [] },
  },
  'media.subscribe': { room: 'x', auto: false, tracks: [{ participant: 'p', track: 't', state: 'paused' }] },
  'media.report': { room: 'x', topology: 'mesh', state: 'settled' },
  'chat.send': { room: 'x', id: 'id', text: 'hello' },
  'reaction.send': { room: 'x', emoji: '👋' },
  'presence.set': { status: 'away', name: 'Mallory' },
  'presence.watch': { watch: true },
  'call.invite': { call: 'c', to: 'nobody', media: 'video' },
  'call.accept': { call: 'c', media: 'audio' },
  'call.reject': { call: 'c', message: 'no' },
  'call.cancel': { call: 'c' },
  'call.hangup': { call: 'c' },
  'session.renew': { token: 'a.b.c' },
  'ice.servers': {},
}
