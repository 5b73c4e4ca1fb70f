/** Sizes and times that both ends agree on, in bytes, characters, milliseconds and counts. This file does not need zod. */
export const limits = {
  /** The largest signalling message, bytes: an answer with a media section for each of a hundred tracks fits. */
  messageBytes: 256 * 1024,
  roomNameChars: 64,
  identityChars: 256,
  displayNameChars: 64,
  metadataChars: 4096,
  chatTextChars: 4000,
  /** How many chat messages a late joiner is sent. */
  chatHistory: 200,
  sdpChars: 56 * 1024,
  /** The largest description between a client and the SFU. */
  mediaSdpChars: 240 * 1024,
  /** The most tracks in one description of the SFU. */
  mediaSections: 512,
  /** The most encodings (layers of simulcast) of a track. */
  encodings: 8,
  /** The largest width or height that a wish to receive a picture may name, device pixels. */
  wishedPixels: 8192,
  candidateChars: 2048,
  tracksPerParticipant: 8,
  /** The longest body of `message.send`: a description of a data channel fits. */
  messageBodyChars: 16 * 1024,
  /** The longest key of `key.send`. */
  wrappedKeyChars: 256,
  /** The longest key of an entry of a board, its value, and the most entries in one request. */
  boardKeyChars: 128,
  boardValueChars: 160 * 1024,
  boardBatch: 500,
  /** How much higher than the version before it an entry's may be. */
  boardVersionStep: 1_000_000,
  boardCursorChars: 512,
  /** How long the board of a room is kept after the last has left. */
  boardShelfMs: 10 * 60_000,
  /** A room's default and smallest settable capacity. */
  roomCapacityDefault: 100,
  roomCapacityMin: 2,
  roomCapacityMax: 1000,
  /** How long the session of a dropped socket is kept, counted from the last sign of life. */
  seatMs: 30_000,
  /** How long a call rings before it ends as `no-answer`. */
  ringMs: 30_000,
  declineMessageChars: 200,
} as const

/** What a room's name looks like: letters and digits of any script, `-` and `_` inside. Length: `limits.roomNameChars`. */
export const roomNamePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u
