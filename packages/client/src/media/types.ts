export interface MicrophoneOptions {
  /** Exactly this device. Default: the browser's. */
  readonly deviceId?: string
  /** Default true, as are the next two. */
  readonly echoCancellation?: boolean
  readonly noiseSuppression?: boolean
  readonly autoGainControl?: boolean
}

export interface CameraOptions {
  /** Exactly this device. Default: one that fits `facingMode`, or the browser's. */
  readonly deviceId?: string
  /** The front (`user`) or the back (`environment`) of a phone. */
  readonly facingMode?: 'user' | 'environment'
  /** Preferred size in pixels. Default 1280 x 720. */
  readonly width?: number
  readonly height?: number
  /** Preferred frames per second. Default 30. */
  readonly frameRate?: number
}

export interface ScreenOptions {
  /** Also ask for the sound of what is shared. Default false. */
  readonly audio?: boolean
}

/** A shared screen; with `audio` if both the browser and the person shared its sound. */
export interface ScreenTracks {
  readonly video: MediaStreamTrack
  readonly audio: MediaStreamTrack | undefined
}
