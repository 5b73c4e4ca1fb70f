/** What media planes do so that frames are encrypted end to end: told of each sender and receiver before it can carry anything. */
export interface FrameTransforms {
  /** Members that connections need. */
  readonly configuration: RTCConfiguration
  sender(connection: RTCPeerConnection, sender: RTCRtpSender): void
  /** Plays nothing of this receiver until {@link receiver} has said whose frames it brings. */
  prepare(receiver: RTCRtpReceiver): void
  /** @param participant Whose frames it brings; undefined: nobody's any more, so that none is played. */
  receiver(receiver: RTCRtpReceiver, participant: string | undefined): void
}
