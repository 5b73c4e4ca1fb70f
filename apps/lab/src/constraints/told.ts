type Told = Readonly<Record<string, unknown>>

/** What the track is now. */
export function settingsOf(track: MediaStreamTrack): Told {
  return { ...track.getSettings() }
}

/** What it could be; nothing where the browser does not tell (Firefox before 132). */
export function capabilitiesOf(track: MediaStreamTrack): Told {
  return typeof track.getCapabilities === 'function' ? { ...track.getCapabilities() } : {}
}

/** Which constraints the browser knows at all. */
export function supportedConstraints(): Told {
  const media = navigator.mediaDevices as MediaDevices | undefined
  return { ...media?.getSupportedConstraints() }
}
