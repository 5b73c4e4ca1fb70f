import { list, oneOf, settingsCodec } from '../report/permalink.ts'

/** What the page's link carries. */
export const constraintSettings = settingsCodec({
  kind: oneOf(['camera', 'microphone'], 'camera'),
  asked: list([], 60),
})
