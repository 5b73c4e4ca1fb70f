/** What a router counts since it began; plain numbers, so that workers can add theirs up. */
export interface RouterCounters {
  publications: number
  subscriptions: number
  rtpReceived: number
  rtpForwarded: number
  /** RTP of no publication, or of a payload type that was not agreed. */
  unknown: number
  /** Packets of sound that came as RED. */
  redReceived: number
  /** RED that cannot be read, or is of another codec. */
  malformedRed: number
  /** Padding, on its own or in retransmissions. */
  padding: number
  /** Came twice. */
  duplicates: number
  /** Too late, or far off. */
  stray: number
  /** Retransmissions that publishers sent, of packets that were missing. */
  recovered: number
  /** Packets that were missing, taken out of the RED of later ones. */
  recoveredByRed: number
  /** Packets asked for again, of publishers. */
  nacked: number
  /** Packets that publishers did not send again in time. */
  abandoned: number
  /** Packets of sound that were sent as RED. */
  redSent: number
  /** Packets that subscribers asked for again. */
  nacksReceived: number
  retransmitted: number
  /** Asked for again and not sent: no RTX, too old, too soon, too much. */
  notRetransmitted: number
  keyFrameRequests: number
  /** Of subscribers; merged into `keyFrameRequests`. */
  keyFrameRequestsReceived: number
  /** Times that a subscriber went on with another stream of a track. */
  streamSwitches: number
  /** Times that a picture was made smaller, or slower, since a link carried no more; and larger again since it did. */
  layersLowered: number
  layersRaised: number
  /** Packets sent to see whether a link carries more. */
  probes: number
  /** Pictures that are to be sent to somebody now, by subscription; of these: less than wanted since the link carries no more, and still waiting for a key frame. */
  pictures: number
  picturesReduced: number
  picturesWaiting: number
  /** Pictures that a subscriber has paused. */
  picturesPaused: number
  /** Links of receivers that are estimated; and the sums over them of what is estimated, of use, and granted: bit/s. */
  links: number
  estimateBps: number
  wantedBps: number
  grantedBps: number
  reportsReceived: number
  malformedRtcp: number
  /** Bytes of packet history. */
  historyBytes: number
  /** Publications that are handed on to other routers. */
  pipes: number
  /** Packets to and from other routers. */
  pipedOut: number
  pipedIn: number
  /** From other routers: of no pipe, or no sense. */
  pipedBad: number
}

export function emptyCounters(): RouterCounters {
  return {
    publications: 0,
    subscriptions: 0,
    rtpReceived: 0,
    rtpForwarded: 0,
    unknown: 0,
    redReceived: 0,
    malformedRed: 0,
    padding: 0,
    duplicates: 0,
    stray: 0,
    recovered: 0,
    recoveredByRed: 0,
    nacked: 0,
    abandoned: 0,
    redSent: 0,
    nacksReceived: 0,
    retransmitted: 0,
    notRetransmitted: 0,
    keyFrameRequests: 0,
    keyFrameRequestsReceived: 0,
    streamSwitches: 0,
    layersLowered: 0,
    layersRaised: 0,
    probes: 0,
    pictures: 0,
    picturesReduced: 0,
    picturesWaiting: 0,
    picturesPaused: 0,
    links: 0,
    estimateBps: 0,
    wantedBps: 0,
    grantedBps: 0,
    reportsReceived: 0,
    malformedRtcp: 0,
    historyBytes: 0,
    pipes: 0,
    pipedOut: 0,
    pipedIn: 0,
    pipedBad: 0,
  }
}
