/**
 * A script for a page: its camera shows one colour and its microphone one tone, so that it can be told in a recording whose they are.
 * @param colour A CSS colour.
 */
export function devices(colour: string, hz: number): string {
  return `(${install})(${JSON.stringify(colour)}, ${hz})`
}

function install(colour: string, hz: number): void {
  if (location.protocol !== 'https:') return
  const open = (): { readonly picture: MediaStreamTrack; readonly sound: MediaStreamTrack } => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 })
    const context = canvas.getContext('2d')
    let turn = 0
    setInterval(() => {
      if (!context) return
      context.fillStyle = colour
      context.fillRect(0, 0, 320, 180)
      // Something moves, so that every frame is another one.
      context.fillStyle = '#fff'
      context.fillRect((turn++ * 8) % 320, 0, 8, 8)
    }, 200)
    const audio = new AudioContext()
    const oscillator = new OscillatorNode(audio, { frequency: hz })
    const loudness = new GainNode(audio, { gain: 0.2 })
    // It swells, or codecs take it for noise in the background.
    const swell = new OscillatorNode(audio, { frequency: 3 })
    const depth = new GainNode(audio, { gain: 0.15 })
    const out = audio.createMediaStreamDestination()
    swell.connect(depth).connect(loudness.gain)
    oscillator.connect(loudness).connect(out)
    oscillator.start()
    swell.start()
    const [picture] = canvas.captureStream(5).getVideoTracks()
    const [sound] = out.stream.getAudioTracks()
    if (!picture || !sound) throw new Error('There is no camera.')
    return { picture, sound }
  }
  navigator.mediaDevices.getUserMedia = async ({ audio, video } = {}) => {
    const { picture, sound } = open()
    return new MediaStream([...(video ? [picture] : []), ...(audio ? [sound] : [])])
  }
}
