import type { TopologyWish } from '@parley/protocol'
import { create } from 'zustand'
import { cleanName } from './name.ts'
import { load, save } from './storage.ts'

export type Theme = 'system' | 'light' | 'dark'
export type Language = 'en' | 'zh'
export type DeviceKind = 'microphone' | 'camera' | 'speaker'

/** BCP 47 tags for `lang` and for `Intl`. */
export const languageTags: Record<Language, string> = { en: 'en', zh: 'zh-CN' }

/** What this browser remembers about the person who uses it. */
export interface Settings {
  readonly name: string
  readonly theme: Theme
  readonly language: Language
  /** Single-key shortcuts in the meeting. */
  readonly shortcuts: boolean
  /** Chosen device ids; absent = the system's default. */
  readonly devices: Partial<Record<DeviceKind, string>>
  /** Whether the microphone and the camera were on when last used. */
  readonly microphoneOn: boolean
  readonly cameraOn: boolean
  /** The topology for rooms that are created here. */
  readonly topology: TopologyWish
  /** Sends media only through the relay, even if a direct path works, so that nobody learns this browser’s address. */
  readonly relayOnly: boolean
}

const settingsKey = 'parley.settings'

export function defaults(languages: readonly string[]): Settings {
  return {
    name: '',
    theme: 'system',
    language: languages
      .find(tag => /^(en|zh)\b/i.test(tag))
      ?.toLowerCase()
      .startsWith('zh')
      ? 'zh'
      : 'en',
    shortcuts: true,
    devices: {},
    microphoneOn: true,
    cameraOn: true,
    topology: 'auto',
    relayOnly: false,
  }
}

const isOneOf =
  <T extends string>(...values: readonly T[]) =>
  (value: unknown): value is T =>
    values.some(known => known === value)

const isTheme = isOneOf<Theme>('system', 'light', 'dark')
const isLanguage = isOneOf<Language>('en', 'zh')
const isTopology = isOneOf<TopologyWish>('auto', 'mesh', 'sfu')
const isString = (value: unknown): value is string => typeof value === 'string'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'

/** What was stored, with the fallback for every field that is missing or invalid. */
export function parseSettings(stored: unknown, fallback: Settings): Settings {
  if (typeof stored !== 'object' || stored === null) return fallback
  const get = (name: keyof Settings): unknown => Reflect.get(stored, name)
  const pick = <K extends keyof Settings>(name: K, fits: (value: unknown) => value is Settings[K]): Settings[K] => {
    const value = get(name)
    return fits(value) ? value : fallback[name]
  }
  return {
    name: cleanName(pick('name', isString)),
    theme: pick('theme', isTheme),
    language: pick('language', isLanguage),
    shortcuts: pick('shortcuts', isBoolean),
    devices: parseDevices(get('devices')),
    microphoneOn: pick('microphoneOn', isBoolean),
    cameraOn: pick('cameraOn', isBoolean),
    topology: pick('topology', isTopology),
    relayOnly: pick('relayOnly', isBoolean),
  }
}

function parseDevices(stored: unknown): Settings['devices'] {
  if (typeof stored !== 'object' || stored === null) return {}
  const entries = Object.entries(stored).filter(
    ([kind, id]) => isOneOf<DeviceKind>('microphone', 'camera', 'speaker')(kind) && isString(id) && id !== '',
  )
  return Object.fromEntries(entries)
}

const initial = parseSettings(load(settingsKey), defaults(globalThis.navigator?.languages ?? []))

export const useSettings = create<Settings>()(() => initial)

/** Changes some settings and remembers them. */
export function changeSettings(patch: Partial<Settings>): void {
  useSettings.setState(patch)
  save(settingsKey, useSettings.getState())
}

/** Takes over what another tab changes, except this tab's devices and connection. */
export function followOtherTabs(): void {
  addEventListener('storage', event => {
    if (event.key !== settingsKey) return
    const { devices, microphoneOn, cameraOn, relayOnly } = useSettings.getState()
    useSettings.setState({ ...parseSettings(load(settingsKey), initial), devices, microphoneOn, cameraOn, relayOnly })
  })
}
