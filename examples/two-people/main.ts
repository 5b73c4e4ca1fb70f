import { connect, createCamera, createMicrophone, type ParticipantState } from '@parley/client'

const server = new URLSearchParams(location.search).get('server') ?? 'https://localhost:8443'
const button = document.querySelector('#meet') as HTMLButtonElement
const status = document.querySelector('#status') as HTMLElement
const videos = new Map<string, HTMLVideoElement>()

async function meet(): Promise<void> {
  const session = await connect(server, { name: 'Somebody' })
  const room = await session.join('two-people', { capacity: 2 })
  room.on('changed', ({ self, participants }) => {
    status.textContent = participants.length > 0 ? '' : 'Nobody else is here yet: open this page once more.'
    for (const person of [self, ...participants]) show(person)
  })
  room.on('left', ({ participant }) => videos.get(participant.id)?.remove())
  const [camera, microphone] = await Promise.all([createCamera(), createMicrophone()])
  await Promise.all([room.publish('camera', camera), room.publish('microphone', microphone)])
}

/** A video element for each person, which plays whatever they send at the moment. */
function show({ id, local, tracks }: ParticipantState): void {
  const video = videos.get(id) ?? document.createElement('video')
  videos.set(id, video)
  const stream = video.srcObject instanceof MediaStream ? video.srcObject : new MediaStream()
  const sent = tracks.flatMap(({ mediaTrack }) => mediaTrack ?? [])
  for (const track of stream.getTracks()) if (!sent.includes(track)) stream.removeTrack(track)
  for (const track of sent) stream.addTrack(track)
  Object.assign(video, { srcObject: stream, autoplay: true, playsInline: true, muted: local })
  if (!video.isConnected) document.querySelector('#people')?.append(video)
}

button.addEventListener('click', () => {
  button.hidden = true
  meet().catch(error => {
    status.textContent = `${error.message} ${error.remedy ?? ''}`
  })
})
