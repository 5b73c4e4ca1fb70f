import { FrameCryptor } from './frame-cryptor.ts'
import { Receiving } from './receiving.ts'
import type { EncodedFrame, FromWorker, ToWorker, TransformOptions } from './worker-messages.ts'

/*
 * The worker in which frames are encrypted and decrypted: one for each room. The page's scripts never see a frame, and this one
 * never sees anything else.
 */

/** W3C WebRTC Encoded Transform §6. */
interface Transformer {
  readonly readable: ReadableStream<EncodedFrame>
  readonly writable: WritableStream<EncodedFrame>
  readonly options: TransformOptions
  sendKeyFrameRequest?(): Promise<unknown>
}

interface Scope {
  postMessage(message: FromWorker): void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  onrtctransform: ((event: Event & { readonly transformer: Transformer }) => void) | null
}

const scope = globalThis as unknown as Scope
const cryptor = new FrameCryptor()
const receivings = new Map<number, Receiving>()
const transformers = new Map<number, Transformer>()

scope.onmessage = ({ data }) => {
  switch (data.type) {
    case 'use':
      return cryptor.use(data.key)
    case 'learned':
      return cryptor.learned(data.participant, data.key, data.restarted)
    case 'forget':
      return cryptor.forget(data.participant)
    case 'assign':
      return receiving(data.id).assign(data.participant)
    case 'frames':
      return pipe(data)
  }
}

scope.onrtctransform = ({ transformer }) => pipe(transformer)

/** Made by whichever comes first: the transform, or the word whose frames it brings. */
function receiving(id: number): Receiving {
  const known = receivings.get(id)
  if (known) return known
  const made = new Receiving({
    cryptor,
    changed: (participant, reading) => scope.postMessage({ type: 'reading', id, participant, reading }),
    undecrypted: (participant, frames) => scope.postMessage({ type: 'undecrypted', participant, frames }),
    // It cannot be asked for while the track is not sent: then a key frame comes by itself when it is.
    wantKeyFrame: () =>
      void transformers
        .get(id)
        ?.sendKeyFrameRequest?.()
        .catch(() => {}),
  })
  receivings.set(id, made)
  return made
}

function pipe(transformer: Transformer): void {
  const { readable, writable, options } = transformer
  const { side, id } = options
  if (side === 'receive') transformers.set(id, transformer)
  const transform = new TransformStream<EncodedFrame, EncodedFrame>({
    async transform(frame, controller) {
      const passes = side === 'send' ? await cryptor.encrypt(frame) : await receiving(id).accept(frame)
      if (passes) controller.enqueue(frame)
    },
  })
  readable
    .pipeThrough(transform)
    .pipeTo(writable)
    .catch(() => {}) // The connection was closed.
    .finally(() => {
      transformers.delete(id)
      receivings.delete(id)
    })
}
