/** A container with codecs that this browser's MediaRecorder writes. */
export interface Format {
  readonly mimeType: string
  readonly kind: 'mp4' | 'webm'
}

/**
 * In the order in which they are liked. MP4 plays everywhere, WebM in browsers. A person's own picture changes its size with the
 * network, which only VP8 and VP9 can say within a file.
 */
const wishes = {
  meeting: [
    'video/mp4;codecs=avc1.64001f,mp4a.40.2',
    'video/mp4;codecs=avc1.42E01F,mp4a.40.2',
    'video/mp4;codecs=avc1.64001f,opus',
    'video/mp4;codecs=avc1.42E01F,opus',
    'video/webm;codecs=vp8,opus',
    'video/webm',
    'video/mp4',
  ],
  picture: ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/webm', 'video/mp4'],
  sound: ['audio/mp4;codecs=mp4a.40.2', 'audio/webm;codecs=opus', 'audio/mp4;codecs=opus', 'audio/webm', 'audio/mp4'],
} as const

/** What a file holds: the whole meeting, somebody's picture or somebody's sound. */
export type Content = keyof typeof wishes

/** The best that this browser can write; undefined: none. */
export function formatFor(content: Content, isSupported: (mimeType: string) => boolean): Format | undefined {
  const mimeType = wishes[content].find(isSupported)
  if (mimeType === undefined) return undefined
  return { mimeType, kind: mimeType.slice(0, mimeType.indexOf(';') + 1 || undefined).includes('mp4') ? 'mp4' : 'webm' }
}

/** What this browser can record at all. */
export function canRecord(): boolean {
  return (
    typeof MediaRecorder !== 'undefined' &&
    typeof AudioContext !== 'undefined' &&
    'captureStream' in HTMLCanvasElement.prototype &&
    typeof navigator.locks !== 'undefined' &&
    formatFor('meeting', type => MediaRecorder.isTypeSupported(type)) !== undefined
  )
}
