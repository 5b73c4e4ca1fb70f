/** A picture and a sound made by the page, for computers without a camera or microphone. */
export interface StandIn {
  readonly stream: MediaStream
  close(): void
}

const width = 640
const height = 360
const framesPerSecond = 30

/** A moving picture with a clock, so that delay and freezes can be seen. */
export function standInVideo(): StandIn {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  const began = performance.now()
  const draw = () => {
    if (context) paint(context, performance.now() - began)
  }
  draw()
  // A timer, not requestAnimationFrame: the picture has to go on while another tab is in front.
  const timer = setInterval(draw, 1000 / framesPerSecond)
  const stream = canvas.captureStream(framesPerSecond)
  return {
    stream,
    close: () => {
      clearInterval(timer)
      for (const track of stream.getTracks()) track.stop()
    },
  }
}

function paint(context: CanvasRenderingContext2D, ms: number): void {
  const turn = ms / 4000
  const sky = context.createLinearGradient(0, 0, width, height)
  sky.addColorStop(0, `hsl(${(turn * 360) % 360} 45% 30%)`)
  sky.addColorStop(1, `hsl(${(turn * 360 + 80) % 360} 50% 18%)`)
  context.fillStyle = sky
  context.fillRect(0, 0, width, height)
  context.fillStyle = 'rgb(255 255 255 / 0.85)'
  context.beginPath()
  context.arc(width / 2 + Math.cos(turn * 6) * 220, height / 2 + Math.sin(turn * 6) * 110, 26, 0, Math.PI * 2)
  context.fill()
  context.font = '600 44px ui-monospace, monospace'
  context.textAlign = 'center'
  context.fillText((ms / 1000).toFixed(2), width / 2, height / 2 + 14)
}

/** A soft tone that swells twice a second, so that one hears and sees that sound flows. */
export function standInAudio(): StandIn {
  const context = new AudioContext()
  const tone = new OscillatorNode(context, { frequency: 330 })
  const swell = new OscillatorNode(context, { frequency: 2 })
  const depth = new GainNode(context, { gain: 0.04 })
  const volume = new GainNode(context, { gain: 0.05 })
  const out = new MediaStreamAudioDestinationNode(context)
  swell.connect(depth).connect(volume.gain)
  tone.connect(volume).connect(out)
  tone.start()
  swell.start()
  return {
    stream: out.stream,
    close: () => {
      for (const track of out.stream.getTracks()) track.stop()
      void context.close()
    },
  }
}
