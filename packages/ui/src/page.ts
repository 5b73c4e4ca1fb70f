export type { Translation } from './locales/translation.ts'
export { adviceSteps, browserKind, promptPlace } from './page/advice.ts'
export { copyText } from './page/clipboard.ts'
export { download, fileName, pickFile } from './page/download.ts'
export { codeOf } from './page/errors.ts'
export { type LoadTexts, startI18n } from './page/i18n.ts'
export { onIncomingCall } from './page/incoming-calls.ts'
export { announce } from './page/live-region.tsx'
export { cleanName } from './page/name.ts'
export { canAskToNotify } from './page/notification.ts'
export { problemWords } from './page/problem.ts'
export { ring } from './page/ring.ts'
export { askClockOff, clockWords, useClockOff } from './page/server-clock.ts'
export { useServerInfo, useShareableOrigin } from './page/server-info.ts'
export { acceptInvitation, lastingFailure, retryConnection, sessionOf, useSession } from './page/session.ts'
export {
  changeSettings,
  type DeviceKind,
  type Language,
  languageTags,
  type Theme,
  useSettings,
} from './page/settings.ts'
export { load, save } from './page/storage.ts'
export { followTheme } from './page/theme.ts'
export { useTitle } from './page/title.ts'
export { toast } from './page/toasts.ts'
export { splitToken } from './page/token.ts'
export { hasWebRtc, mediaDevices, missingWebRtc } from './page/web-rtc.ts'
export { audioContext, canWorkOnSound, levelOf, loudness } from './sound/level.ts'
export { startRinging } from './sound/ringing.ts'
export { canChooseSpeaker, openOutput, playTestSound, setSpeaker } from './sound/speaker.ts'
