import { createCamera, createMicrophone, type MicrophoneOptions } from '@parley/client'
import type { EffectsChoice } from '@parley/effects/choice'
import { changeSettings, codeOf, type DeviceKind, useSettings } from '@parley/ui/page'
import { modelOf, rememberPicture, rememberSound, type SoundChoice, toBeDone, useEffects } from '../effects/choices.ts'
import { pictureTreatment, soundTreatment } from '../effects/treatments.ts'
import { Input } from './input.ts'
import { noteReplaced, noteReturned, noteSpeakerLost } from './notes.ts'
import { openBoth, permissionOf } from './open-both.ts'
import { type Device, type InputKind, type MediaErrorCode, sortDevices, trackOf } from './state.ts'
import { rememberDevice, useMedia } from './store.ts'
import { Treatment } from './treatment.ts'

const remembered = useSettings.getState().devices
let facing: 'user' | 'environment' = 'user'

/** The one owner of the local devices: everything that opens, mutes, changes or closes them goes through here. */
const inputs: Record<InputKind, Input> = {
  microphone: input('microphone', deviceId =>
    createMicrophone({ ...soundAsked(), ...(deviceId !== undefined && { deviceId }) }),
  ),
  camera: input('camera', deviceId =>
    createCamera({ facingMode: facing, ...(deviceId !== undefined && { deviceId }) }),
  ),
}

function input(kind: InputKind, open: (deviceId: string | undefined) => Promise<MediaStreamTrack>): Input {
  return new Input(
    {
      open: async deviceId => {
        const track = (await takeShared(kind)) ?? (await open(deviceId))
        void listDevices() // Browsers reveal the names only once a device has been opened.
        return track
      },
      codeOf: mediaCodeOf,
      labelOf: id => labelOf(kind, id),
      onState: state => treatments[kind].handle(state),
      onReplaced: (lost, found) => noteReplaced({ kind, lost, found, undo: () => void setInput(kind, false) }),
      openWhileMuted: kind === 'microphone',
    },
    remembered[kind],
  )
}

/** What is done to what the devices give, before anybody sees or hears it. */
const treatments = {
  camera: new Treatment(
    { ...pictureTreatment, onState: state => useMedia.setState({ camera: state }) },
    toBeDone(useEffects.getState().picture),
  ),
  microphone: new Treatment(
    {
      ...soundTreatment,
      start: async (...begin) => {
        const treated = await soundTreatment.start(...begin)
        refitMicrophone()
        return treated
      },
      onState: state => useMedia.setState({ microphone: state }),
      onFailed: error => {
        soundTreatment.onFailed(error)
        // Not tried again by itself when the microphone is opened anew, but by whoever chooses it.
        treatments.microphone.choose(undefined)
        refitMicrophone()
      },
    },
    modelOf(useEffects.getState().sound),
  ),
}

/** Changes what is done to the camera's picture, now and next time. The same again is another try after a failure. */
export function choosePicture(picture: EffectsChoice): void {
  rememberPicture(picture)
  treatments.camera.choose(toBeDone(picture))
}

/** Changes what is done to the microphone's sound, now and next time. The same again is another try after a failure. */
export function chooseSound(sound: SoundChoice): void {
  const { noiseState } = useEffects.getState()
  rememberSound(sound)
  const model = modelOf(sound)
  if (model === undefined || noiseState === 'failed') useEffects.setState({ noiseState: 'off' })
  treatments.microphone.choose(model)
  // A model takes over first, and only then the browser stops.
  if (model === undefined || treatments.microphone.active) refitMicrophone()
}

/** What the browser shall do to the microphone's sound. */
function soundWanted(): Required<Pick<MicrophoneOptions, 'echoCancellation' | 'noiseSuppression' | 'autoGainControl'>> {
  const { sound, noiseState } = useEffects.getState()
  const { noise, echoCancellation, autoGainControl } = sound
  // Two that take out noise one after the other take speech with it.
  const noiseSuppression = noise === 'basic' || (modelOf(sound) !== undefined && noiseState === 'failed')
  return { echoCancellation, noiseSuppression, autoGainControl }
}

/** What the open microphone was opened with. */
let soundInUse: ReturnType<typeof soundWanted> | undefined

function soundAsked(): ReturnType<typeof soundWanted> {
  soundInUse = soundWanted()
  return soundInUse
}

/** Opens the microphone anew if it was opened with something else: browsers do not change this of an open one. */
function refitMicrophone(): void {
  if (!trackOf(inputs.microphone.state) || JSON.stringify(soundInUse) === JSON.stringify(soundWanted())) return
  void inputs.microphone.select(useSettings.getState().devices.microphone)
}

function mediaCodeOf(error: unknown): MediaErrorCode {
  const code = codeOf(error)
  return isMediaCode(code) ? code : 'media-failed'
}

const isMediaCode = (code: string | undefined): code is MediaErrorCode => code?.startsWith('media-') ?? false

/** The name of a device; without an id, of the system's default. Unknown until permission was first granted. */
function labelOf(kind: DeviceKind, id: string | undefined): string | undefined {
  const devices = useMedia.getState().devices[kind]
  const device = id === undefined ? devices[0] : devices.find(known => known.id === id)
  return device?.label || undefined
}

/** Opens what was on when last used, or what `want` says (which is not remembered). */
export async function startMedia(want: Partial<Record<InputKind, boolean>> = {}): Promise<void> {
  const { microphoneOn, cameraOn, devices } = useSettings.getState()
  const on = { microphone: want.microphone ?? microphoneOn, camera: want.camera ?? cameraOn }
  const turn = ++startTurn
  const asks = on.microphone && on.camera && (await mustAsk())
  if (turn !== startTurn) return // Stopped, or started again, while the permissions were looked up.
  if (asks) {
    const both = openBoth({ microphone: devices.microphone, camera: devices.camera }, soundAsked())
    shared.microphone = both.then(tracks => tracks.microphone)
    shared.camera = both.then(tracks => tracks.camera)
  }
  await Promise.all([inputs.microphone.set(on.microphone), inputs.camera.set(on.camera), listDevices()])
}

let startTurn = 0

/** Tracks that a single permission prompt opened together, until each input has taken its own. */
const shared: Partial<Record<InputKind, Promise<MediaStreamTrack | undefined>>> = {}

async function takeShared(kind: InputKind): Promise<MediaStreamTrack | undefined> {
  const track = shared[kind]
  delete shared[kind]
  try {
    return await track
  } catch (error) {
    if (isMediaCode(codeOf(error))) throw error
    return undefined // One of the two failed, and the browser does not say which, so each is opened separately.
  }
}

/** Whether opening the two separately would prompt twice: neither is open, and neither permission is decided. */
async function mustAsk(): Promise<boolean> {
  if (!navigator.mediaDevices) return false
  if (trackOf(inputs.microphone.state) || trackOf(inputs.camera.state)) return false
  const states = await Promise.all([permissionOf('microphone'), permissionOf('camera')])
  return states.every(state => state === 'prompt' || state === undefined)
}

/** Releases all hardware, so that its lights go out. The next {@link startMedia} remembers what was on. */
export function stopMedia(): void {
  startTurn++
  inputs.microphone.release()
  inputs.camera.release()
}

/** Turns the microphone or the camera on or off, and remembers that. */
export function setInput(kind: InputKind, on: boolean): Promise<void> {
  changeSettings(kind === 'microphone' ? { microphoneOn: on } : { cameraOn: on })
  return inputs[kind].set(on)
}

/** Turns the microphone on for a moment, as push-to-talk does, without remembering it. */
export function holdMicrophone(on: boolean): Promise<void> {
  return inputs.microphone.set(on)
}

export function toggleInput(kind: InputKind): Promise<void> {
  return setInput(kind, !inputs[kind].wanted)
}

/** Uses another device from now on, and next time. A camera that is off stays off. */
export async function selectDevice(kind: DeviceKind, id: string): Promise<void> {
  rememberDevice(kind, id)
  if (kind === 'speaker') useMedia.setState({ speaker: id })
  else await inputs[kind].select(id)
}

/** Tries a device again that was denied, busy or missing. */
export function retryInput(kind: InputKind): Promise<void> {
  return inputs[kind].state.status === 'failed' ? inputs[kind].retry() : inputs[kind].set(true)
}

/** Switches between front and back camera, on devices that have both. */
export async function flipCamera(): Promise<void> {
  facing = facing === 'user' ? 'environment' : 'user'
  await inputs.camera.select(undefined)
}

async function listDevices(): Promise<void> {
  try {
    const found = await navigator.mediaDevices?.enumerateDevices()
    if (found) useMedia.setState({ devices: sortDevices(found) })
  } catch (error) {
    // An extension or a policy hides the list; the default devices can still be used.
    console.warn('The devices cannot be listed:', error)
  }
}

/** A device was plugged in or out: update the lists, replace what is gone, and retry what failed. */
async function devicesChanged(): Promise<void> {
  const before = useMedia.getState().devices
  await listDevices()
  const { devices, speaker } = useMedia.getState()
  for (const kind of ['microphone', 'camera'] as const) {
    const { state } = inputs[kind]
    if (state.status === 'failed' && devices[kind].length > 0) void inputs[kind].retry()
    else takeBack(kind, before[kind], devices[kind])
  }
  if (speaker !== undefined && speaker !== 'default' && !has(devices.speaker, speaker)) {
    const lost = before.speaker.find(device => device.id === speaker)
    useMedia.setState({ speaker: undefined })
    if (lost) noteSpeakerLost(lost.label)
  } else if (speaker === undefined) {
    const chosen = useSettings.getState().devices.speaker
    if (chosen !== undefined && has(devices.speaker, chosen)) useMedia.setState({ speaker: chosen })
  }
}

/** Returns to the chosen device if it was just plugged in again while another one replaced it. */
function takeBack(kind: InputKind, before: readonly Device[], now: readonly Device[]): void {
  const chosen = useSettings.getState().devices[kind]
  const { state } = inputs[kind]
  if (state.status !== 'on' && state.status !== 'muted') return
  if (chosen === undefined || chosen === state.deviceId || has(before, chosen) || !has(now, chosen)) return
  const standIn = state.deviceId
  noteReturned({ kind, found: labelOf(kind, chosen) ?? '', undo: () => void selectDevice(kind, standIn) })
  void inputs[kind].select(chosen)
}

const has = (devices: readonly Device[], id: string) => devices.some(device => device.id === id)

/** Follows devices and permissions for as long as the page lives. Call once, at startup. */
export function followDevices(): void {
  void listDevices()
  navigator.mediaDevices?.addEventListener('devicechange', () => void devicesChanged())
  for (const kind of ['microphone', 'camera'] as const) void followPermission(kind)
  document.addEventListener('visibilitychange', recheck)
  addEventListener('focus', recheck)
}

async function followPermission(kind: InputKind): Promise<void> {
  try {
    const status = await navigator.permissions.query({ name: kind as PermissionName })
    const update = () => {
      useMedia.setState(({ permissions }) => ({ permissions: { ...permissions, [kind]: status.state } }))
      if (status.state === 'granted') void inputs[kind].retry()
    }
    status.addEventListener('change', update)
    update()
  } catch {
    // This browser does not report changes; `recheck` looks again whenever the person comes back to the page.
  }
}

function recheck(): void {
  if (document.hidden) return
  const { permissions } = useMedia.getState()
  for (const kind of ['microphone', 'camera'] as const) {
    const { state } = inputs[kind]
    if (permissions[kind] === 'unknown' && state.status === 'failed' && state.code === 'media-denied') {
      void inputs[kind].retry()
    }
  }
}
