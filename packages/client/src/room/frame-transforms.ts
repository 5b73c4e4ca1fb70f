/** What media planes do so that frames are encrypted end to end. */
export interface FrameTransforms {
  /** Members that connections need. */
  readonly configuration: RTCConfiguration
  /**
   * Lets no frame pass as it is, in either direction of any transceiver, and plays none until {@link receiver} has said whose it
   * is. To be called in the very task in which transceivers are made: Chromium ignores what a sender or a receiver is given later
   * (seen in 156).
   */
  prepare(connection: RTCPeerConnection): void
  /** It sends from now on. Includes {@link prepare}. */
  sender(connection: RTCPeerConnection, sender: RTCRtpSender): void
  /** @param participant Whose frames it brings; undefined: nobody's any more, so that none is played. */
  receiver(receiver: RTCRtpReceiver, participant: string | undefined): void
}
