import type { DeviceKind } from '@parley/ui/page'
import { useTranslation } from 'react-i18next'
import { useDeviceId, useMedia } from '../../media/store.ts'

export interface DeviceChoices {
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  /** The device in use, or the system's default if none was chosen; undefined if the list does not show which it is. */
  readonly value: string | undefined
}

/** The devices of a kind, for a menu or a picker. */
export function useDeviceChoices(kind: DeviceKind): DeviceChoices {
  const { t } = useTranslation()
  const devices = useMedia(media => media.devices[kind])
  const current = useDeviceId(kind)
  const used = devices.find(({ id }) => id === current) ?? devices.find(({ id }) => id === 'default')
  return {
    choices: devices.map(({ id, label }, i) => ({ value: id, label: label || `${t(`device.${kind}`)} ${i + 1}` })),
    value: used?.id,
  }
}
