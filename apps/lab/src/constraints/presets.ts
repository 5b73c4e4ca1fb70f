import type { InputKind, Wishes } from './wishes.ts'

export interface Preset {
  readonly kind: InputKind
  readonly wishes: Wishes
}

/** Starting points. Their names are `preset.<id>` in the page's texts. */
export const presets = {
  nothing: { kind: 'camera', wishes: {} },
  hd: { kind: 'camera', wishes: { width: { ideal: 1280 }, height: { ideal: 720 } } },
  fullHd: { kind: 'camera', wishes: { width: { ideal: 1920 }, height: { ideal: 1080 } } },
  atLeast: { kind: 'camera', wishes: { width: { min: 640, ideal: 1280 }, height: { min: 360, ideal: 720 } } },
  atMost: { kind: 'camera', wishes: { width: { max: 640 }, height: { max: 480 } } },
  exactly: { kind: 'camera', wishes: { width: { exact: 1920 }, height: { exact: 1080 } } },
  smooth: { kind: 'camera', wishes: { frameRate: { ideal: 60 } } },
  slow: { kind: 'camera', wishes: { frameRate: { ideal: 10, max: 15 } } },
  front: { kind: 'camera', wishes: { facingMode: { ideal: 'user' } } },
  back: { kind: 'camera', wishes: { facingMode: { ideal: 'environment' } } },
  plain: { kind: 'microphone', wishes: {} },
  speech: {
    kind: 'microphone',
    wishes: { echoCancellation: { ideal: true }, noiseSuppression: { ideal: true }, autoGainControl: { ideal: true } },
  },
  music: {
    kind: 'microphone',
    wishes: {
      echoCancellation: { ideal: false },
      noiseSuppression: { ideal: false },
      autoGainControl: { ideal: false },
      channelCount: { ideal: 2 },
    },
  },
  ownGain: { kind: 'microphone', wishes: { autoGainControl: { exact: false } } },
  noEchoCancelling: { kind: 'microphone', wishes: { echoCancellation: { exact: false } } },
} as const satisfies Record<string, Preset>

export type PresetId = keyof typeof presets
export const presetIds = Object.keys(presets) as readonly PresetId[]
