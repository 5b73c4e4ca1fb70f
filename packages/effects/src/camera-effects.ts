import { type EffectsChoice, type ImageName, isPlain, plainChoice, type StickerName } from './choice.ts'
import type { FaceFinder } from './face/finder.ts'
import { type FacePoints, follow } from './face/points.ts'
import type { FrameLoop, OpenFrames, Paint } from './frames/frame-loop.ts'
import { type Compositor, NoWebGl, type Picture } from './gl/compositor.ts'
import type { Segmenter } from './mask/segmenter.ts'
import type { Size } from './mask/smoothing.ts'
import { type Pace, PaceControl } from './pace/pace.ts'
import { place } from './stickers/placing.ts'
import type { ApplyOptions, EffectedTrack, EffectsState, FailureReason } from './types.ts'

/** The part of {@link Compositor} that is used. */
export type Canvas = Pick<
  Compositor,
  'hasMask' | 'takeMask' | 'dropMask' | 'hasImage' | 'setImage' | 'hasSticker' | 'setSticker' | 'draw' | 'close'
>

export interface CameraPorts {
  readonly openFrames: OpenFrames
  readonly openCanvas: (onLost: () => void) => Canvas
  readonly loadSegmenter: () => Promise<Segmenter>
  readonly loadFaces: () => Promise<FaceFinder>
  readonly loadImage: (name: ImageName) => Promise<ImageBitmap | OffscreenCanvas>
  readonly drawSticker: (name: StickerName) => OffscreenCanvas
  /** ms. */
  readonly now: () => number
  /** Rejects when loading has taken so long that it will not end any more. */
  readonly tooLate: () => Promise<never>
}

/** A face that was not seen again for so long is gone, ms. */
const faceGoneMs = 700

/** Everything that a choice needs, loaded. */
interface Tools {
  readonly canvas: Canvas
  readonly segmenter: Segmenter | undefined
  readonly faces: FaceFinder | undefined
}

/** Effects on one camera's track: what is wanted, what is in force, and what is done for each frame. */
export class CameraEffects implements EffectedTrack {
  readonly #ports: CameraPorts
  readonly #frames: FrameLoop
  readonly #listeners = new Set<(state: EffectsState) => void>()
  #state: EffectsState = { status: 'off' }
  #wanted: EffectsChoice = plainChoice
  #inForce: EffectsChoice = plainChoice
  #turn = 0
  #closed = false
  /** Nothing has been shown yet, and nothing plain shall be. */
  #holds: boolean

  #canvas: Canvas | undefined
  #segmenter: Segmenter | undefined
  #faces: FaceFinder | undefined
  #control = new PaceControl()
  #count = 0
  #segmenting = false
  #finding = false
  /** What was worked beside the frames, ms. */
  #besides = 0
  #face: { readonly points: FacePoints; readonly at: number } | undefined
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(
    source: MediaStreamTrack,
    choice: EffectsChoice,
    ports: CameraPorts,
    { hold = false }: ApplyOptions = {},
  ) {
    this.#ports = ports
    this.#holds = hold
    this.#frames = ports.openFrames(source, (frame, size) => this.#paint(frame, size))
    this.change(choice)
  }

  get track(): MediaStreamTrack {
    return this.#frames.track
  }

  get state(): EffectsState {
    return this.#state
  }

  get choice(): EffectsChoice {
    return this.#wanted
  }

  onState(listener: (state: EffectsState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  change(choice: EffectsChoice): void {
    this.#wanted = choice
    const turn = ++this.#turn
    if (isPlain(choice)) {
      this.#inForce = choice
      this.#show({ status: 'off' })
      return
    }
    this.#show({ status: 'loading' })
    Promise.race([this.#load(choice), this.#ports.tooLate()]).then(
      tools => {
        if (turn !== this.#turn || this.#closed) return
        this.#begin(choice, tools)
      },
      (error: unknown) => {
        if (turn !== this.#turn || this.#closed) return
        console.warn('The effects cannot be used:', error)
        this.#show({ status: 'failed', reason: error instanceof NoWebGl ? 'no-webgl' : 'assets' })
      },
    )
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#turn++
    this.#frames.close()
    this.#canvas?.close()
    this.#faces?.close()
    this.#listeners.clear()
  }

  async #load(choice: EffectsChoice): Promise<Tools> {
    const { background, sticker } = choice
    this.#canvas ??= this.#ports.openCanvas(() => this.#fail('context-lost'))
    const canvas = this.#canvas
    const image = background.kind === 'image' ? background.image : undefined
    const [segmenter, faces, picture] = await Promise.all([
      background.kind === 'none' ? this.#segmenter : (this.#segmenter ?? this.#ports.loadSegmenter()),
      sticker === 'none' ? this.#faces : (this.#faces ?? this.#loadFaces()),
      // One's own may have become another under the same name.
      image !== undefined && (image === 'own' || !canvas.hasImage(image)) ? this.#ports.loadImage(image) : undefined,
    ])
    if (image !== undefined && picture && !this.#closed) {
      canvas.setImage(image, picture)
      if ('close' in picture) picture.close()
    }
    if (sticker !== 'none' && !canvas.hasSticker(sticker)) canvas.setSticker(sticker, this.#ports.drawSticker(sticker))
    return { canvas, segmenter, faces }
  }

  /** Closes what arrives too late to be used. */
  async #loadFaces(): Promise<FaceFinder> {
    const faces = await this.#ports.loadFaces()
    if (this.#closed || (this.#faces && this.#faces !== faces)) faces.close()
    else this.#faces = faces
    return faces
  }

  #begin(choice: EffectsChoice, { canvas, segmenter, faces }: Tools): void {
    if (canvas !== this.#canvas) return // Lost meanwhile.
    this.#segmenter = segmenter
    this.#faces = faces
    if (this.#inForce.background.kind === 'none') canvas.dropMask()
    this.#inForce = choice
    this.#control = new PaceControl()
    this.#show({ status: 'on' })
  }

  async #paint(frame: Picture, size: Size): ReturnType<Paint> {
    const canvas = this.#canvas
    const choice = this.#inForce
    const { pace } = this.#control
    if (this.#holds && this.#state.status === 'loading') return 'nothing'
    if (!canvas || !pace || isPlain(choice) || size.width === 0) return 'plain'
    const started = this.#ports.now()
    try {
      await this.#look(frame, size, choice, canvas, pace)
      if (canvas !== this.#canvas) return 'plain'
      const now = this.#ports.now()
      const face = this.#face && now - this.#face.at < faceGoneMs ? this.#face.points : undefined
      const sticker = choice.sticker === 'none' || !face ? undefined : place(choice.sticker, face, size)
      const painted = canvas.draw({ frame, size, choice, sticker, maxWidth: pace.maxWidth, now })
      this.#count++
      this.#keepPace(this.#ports.now() - started + this.#besides)
      this.#besides = 0
      return painted
    } catch (error) {
      console.warn('A picture could not be drawn:', error)
      this.#fail('broken')
      return 'plain'
    }
  }

  /** Looks where the person is, and where their face is, as often as the pace allows. */
  async #look(frame: Picture, size: Size, choice: EffectsChoice, canvas: Canvas, pace: Pace): Promise<void> {
    if (choice.sticker !== 'none') this.#findFace(frame, size, pace)
    if (choice.background.kind === 'none' || this.#segmenting) return
    if (canvas.hasMask && this.#count % pace.segmentEvery !== 0) return
    const outlined = this.#segment(frame, canvas)
    if (pace.waits || !canvas.hasMask) await outlined
    else outlined.catch(() => this.#fail('broken'))
  }

  async #segment(frame: Picture, canvas: Canvas): Promise<void> {
    const started = this.#ports.now()
    this.#segmenting = true
    try {
      const mask = await this.#segmenter?.outline(frame)
      if (mask && canvas === this.#canvas) canvas.takeMask(mask, this.#ports.now())
      if (mask && 'close' in mask) mask.close()
    } finally {
      this.#segmenting = false
      if (this.#control.pace?.waits === false) this.#besides += this.#ports.now() - started
    }
  }

  #findFace(frame: Picture, size: Size, pace: Pace): void {
    const now = this.#ports.now()
    if (this.#finding || !this.#faces || now - this.#lookedAt < pace.faceEveryMs) return
    this.#finding = true
    this.#lookedAt = now
    this.#faces
      .find(frame, size)
      .then(points => {
        const at = this.#ports.now()
        if (points) this.#face = { points: follow(this.#face?.points, points, at - (this.#face?.at ?? at)), at }
      })
      .catch((error: unknown) => {
        if (this.#closed) return
        console.warn('The face cannot be found:', error)
        this.#fail('broken')
      })
      .finally(() => {
        this.#finding = false
      })
  }

  #keepPace(workMs: number): void {
    const pace = this.#control.frame(workMs, this.#ports.now())
    const works = this.#state.status === 'on' || this.#state.status === 'stepped-down'
    if (!pace) this.#fail('too-slow')
    else if (works) this.#show(pace.less === 'nothing' ? { status: 'on' } : { status: 'stepped-down', less: pace.less })
  }

  /** From now on the plain picture goes on. */
  #fail(reason: FailureReason): void {
    if (this.#closed) return
    this.#turn++
    this.#inForce = plainChoice
    if (reason === 'context-lost' || reason === 'broken') {
      this.#canvas = undefined
      this.#face = undefined
    }
    this.#show({ status: 'failed', reason })
  }

  #show(state: EffectsState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return
    this.#state = state
    if (state.status !== 'loading') this.#holds = false
    for (const listener of this.#listeners) listener(state)
  }
}
