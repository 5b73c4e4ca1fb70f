/** Every shortcut of the meeting, except push-to-talk, which is held rather than pressed. */
export const shortcuts = {
  microphone: 'm',
  camera: 'v',
  share: 'd',
  chat: 'c',
  people: 'p',
  hand: 'r',
  layout: 'w',
  fullscreen: 'f',
  snapshot: 's',
  board: 'b',
  statistics: 'i',
  help: '?',
} as const satisfies Record<string, string>

export type Action = keyof typeof shortcuts
export const actions = Object.keys(shortcuts) as Action[]

/** Held down to speak while muted. */
export const pushToTalkKey = 'Space'
