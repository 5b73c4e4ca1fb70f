import { ConnectionBanner, Header, InsecureBanner, NoWebRtcBanner, useShortcuts } from '@parley/ui'
import { useSettings } from '@parley/ui/page'
import { useEffect } from 'react'
import { startMedia, toggleInput } from '../media/media.ts'
import { AskingArrow } from './asking-arrow.tsx'
import { DevicePickers } from './device-pickers.tsx'
import { DeviceProblems } from './device-problems.tsx'
import { JoinPanel } from './join-panel.tsx'
import type { JoinState } from './join-state.ts'
import { PreviewPane } from './preview-pane.tsx'

export interface GreenRoomProps {
  readonly room: string
  /** The link had the secret of an encrypted meeting. */
  readonly encrypted: boolean
  readonly state: JoinState
  readonly onJoin: () => void
}

/** Before joining: check the camera, choose devices, see who is inside. Joining never waits for a device. */
export function GreenRoom({ room, encrypted, state, onJoin }: GreenRoomProps) {
  const shortcuts = useSettings(settings => settings.shortcuts)
  useEffect(() => void startMedia(), [])
  useShortcuts(
    [
      { key: 'm', down: () => void toggleInput('microphone') },
      { key: 'v', down: () => void toggleInput('camera') },
    ],
    shortcuts,
  )

  return (
    <div className="flex min-h-dvh flex-col">
      <Header />
      <main className="mx-auto w-full max-w-6xl flex-1 px-4 pb-12 sm:px-6">
        <InsecureBanner className="mb-4" />
        <NoWebRtcBanner className="mb-4" />
        <ConnectionBanner className="mb-4" />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-6 sm:pt-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)] lg:pt-8">
          <div className="flex min-w-0 flex-col gap-4">
            <PreviewPane />
            <DeviceProblems />
          </div>
          <div className="lg:row-span-2 lg:pt-6">
            <JoinPanel room={room} encrypted={encrypted} state={state} onJoin={onJoin} />
          </div>
          <DevicePickers />
        </div>
      </main>
      <AskingArrow />
    </div>
  )
}
