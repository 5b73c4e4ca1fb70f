type Told = Readonly<Record<string, unknown>>

/** The track's current settings. */
export function settingsOf(track: MediaStreamTrack): Told {
  return { ...track.getSettings() }
}

/** The track's capabilities; empty if the browser does not report them (Firefox before 132). */
export function capabilitiesOf(track: MediaStreamTrack): Told {
  return typeof track.getCapabilities === 'function' ? { ...track.getCapabilities() } : {}
}

/** Which constraints the browser knows at all. */
export function supportedConstraints(): Told {
  const media = navigator.mediaDevices as MediaDevices | undefined
  return { ...media?.getSupportedConstraints() }
}
