/** Layout of a browser state machine as a diagram: states in columns and rows, and the transitions between them. */
export interface Machine<S extends string> {
  readonly states: readonly { readonly name: S; readonly column: number; readonly row: number }[]
  readonly ways: readonly (readonly [S, S])[]
}

/** RTCIceTransportState as reported by `iceConnectionState` (W3C WebRTC §4.3.4, §5.6.4). */
export const iceMachine: Machine<RTCIceConnectionState> = {
  states: [
    { name: 'new', column: 0, row: 0 },
    { name: 'checking', column: 1, row: 0 },
    { name: 'connected', column: 2, row: 0 },
    { name: 'completed', column: 3, row: 0 },
    { name: 'failed', column: 1, row: 1 },
    { name: 'disconnected', column: 2, row: 1 },
    { name: 'closed', column: 3, row: 1 },
  ],
  ways: [
    ['new', 'checking'],
    ['checking', 'connected'],
    ['connected', 'completed'],
    ['checking', 'failed'],
    ['connected', 'disconnected'],
    ['disconnected', 'connected'],
    ['disconnected', 'failed'],
    ['completed', 'disconnected'],
    ['failed', 'checking'],
  ],
}

/** RTCPeerConnectionState: ICE and DTLS of all transports together (W3C WebRTC §4.3.3). */
export const connectionMachine: Machine<RTCPeerConnectionState> = {
  states: [
    { name: 'new', column: 0, row: 0 },
    { name: 'connecting', column: 1, row: 0 },
    { name: 'connected', column: 2, row: 0 },
    { name: 'failed', column: 1, row: 1 },
    { name: 'disconnected', column: 2, row: 1 },
    { name: 'closed', column: 3, row: 1 },
  ],
  ways: [
    ['new', 'connecting'],
    ['connecting', 'connected'],
    ['connecting', 'failed'],
    ['connected', 'disconnected'],
    ['disconnected', 'connected'],
    ['disconnected', 'failed'],
    ['failed', 'connecting'],
  ],
}

/** RTCSignalingState: where the exchange of offer and answer stands (W3C WebRTC §4.3.1). */
export const signalingMachine: Machine<RTCSignalingState> = {
  states: [
    { name: 'stable', column: 0, row: 0 },
    { name: 'have-local-offer', column: 1, row: 0 },
    { name: 'have-remote-pranswer', column: 2, row: 0 },
    { name: 'have-remote-offer', column: 0, row: 1 },
    { name: 'have-local-pranswer', column: 1, row: 1 },
    { name: 'closed', column: 2, row: 1 },
  ],
  ways: [
    ['stable', 'have-local-offer'],
    ['have-local-offer', 'stable'],
    ['stable', 'have-remote-offer'],
    ['have-remote-offer', 'stable'],
    ['have-local-offer', 'have-remote-pranswer'],
    ['have-remote-offer', 'have-local-pranswer'],
  ],
}
