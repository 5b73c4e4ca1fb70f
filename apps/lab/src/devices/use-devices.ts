import { mediaDevices } from '@parley/ui/page'
import { useEffect, useState } from 'react'
import { askPermissions, listDevices, type Permissions } from './examine.ts'
import { compareLists, type ListedDevice, namesCame } from './inventory.ts'

/** A device that came or went while the page was open. */
export interface DeviceEvent {
  readonly id: number
  readonly at: Date
  readonly change: 'added' | 'removed' | 'named'
  readonly device: ListedDevice | undefined
}

export interface LiveDevices {
  /** Undefined until the devices have been listed, or if pages get none. */
  readonly devices: readonly ListedDevice[] | undefined
  readonly permissions: Permissions
  readonly events: readonly DeviceEvent[]
  readonly refresh: () => Promise<void>
}

/** Tracks changes of devices and permissions while the page is open. */
export function useDevices(): LiveDevices {
  const [devices, setDevices] = useState<readonly ListedDevice[]>()
  const [permissions, setPermissions] = useState<Permissions>({ microphone: 'unknown', camera: 'unknown' })
  const [events, setEvents] = useState<readonly DeviceEvent[]>([])
  const [refresh, setRefresh] = useState<() => Promise<void>>(() => async () => {})

  useEffect(() => {
    let open = true
    let before: readonly ListedDevice[] | undefined
    let count = 0
    const update = async () => {
      const [now, states] = await Promise.all([listDevices(), askPermissions()])
      if (!open) return
      setPermissions(states)
      setDevices(now)
      if (before && now) {
        const event = (change: DeviceEvent['change'], device: ListedDevice | undefined): DeviceEvent => ({
          id: ++count,
          at: new Date(),
          change,
          device,
        })
        const { added, removed } = compareLists(before, now)
        const news = namesCame(before, now)
          ? [event('named', undefined)]
          : [...added.map(device => event('added', device)), ...removed.map(device => event('removed', device))]
        if (news.length > 0) setEvents(known => [...news, ...known])
      }
      before = now
    }
    const changed = () => void update()
    const stopPermissions = followPermissions(changed)
    const media = mediaDevices()
    media?.addEventListener('devicechange', changed)
    setRefresh(() => update)
    changed()
    return () => {
      open = false
      media?.removeEventListener('devicechange', changed)
      stopPermissions()
    }
  }, [])
  return { devices, permissions, events, refresh }
}

/** Calls back when a permission changes, in browsers that report it. */
function followPermissions(changed: () => void): () => void {
  const stop = new AbortController()
  for (const name of ['microphone', 'camera']) {
    navigator.permissions?.query({ name: name as PermissionName }).then(
      status => status.addEventListener('change', changed, { signal: stop.signal }),
      () => {}, // This browser cannot be queried for this permission; the page's own actions refresh it.
    )
  }
  return () => stop.abort()
}
