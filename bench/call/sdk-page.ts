import { connect, createCamera, createMicrophone, type Room, type Session } from '@parley/client'

type Tracks = Readonly<Record<'camera' | 'microphone', MediaStreamTrack>>

/** A page with the SDK and next to nothing else: somebody who can call and be called, and shows whom they talk to. */
async function openPerson(name: string) {
  const tracks = { camera: await createCamera(), microphone: await createMicrophone() }
  const session = await connect(location.origin, { name })
  await session.setPresence('available', name)
  offerToAnswer(session, tracks)
  const call = async (identity: string) => talk(await (await session.call(identity, 'video')).joined(), tracks)
  return { identity: session.identity, call }
}

export type Person = Awaited<ReturnType<typeof openPerson>>

function offerToAnswer(session: Session, tracks: Tracks): void {
  session.on('incomingCall', call => {
    const button = document.createElement('button')
    button.textContent = 'Accept'
    button.addEventListener('click', async () => talk(await call.accept('video'), tracks))
    document.body.append(button)
  })
}

function talk(room: Room, tracks: Tracks): void {
  const video = document.createElement('video')
  video.muted = true
  video.autoplay = true
  document.body.append(video)
  const show = () => {
    const track = room.state.participants[0]?.tracks.find(({ source }) => source === 'camera')?.mediaTrack
    if (track && !video.srcObject) video.srcObject = new MediaStream([track])
  }
  room.on('changed', show)
  void room.publish('camera', tracks.camera)
  void room.publish('microphone', tracks.microphone)
  show()
}

Object.assign(globalThis, { openPerson })
