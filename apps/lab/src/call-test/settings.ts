import { flag, number, settingsCodec } from '../report/permalink.ts'
import { type CallKind, callKinds } from './result.ts'

export const callTestSettings = settingsCodec({
  direct: flag(true),
  relayed: flag(true),
  sfu: flag(true),
  seconds: number(10, { min: 2, max: 60 }),
})
export type CallTestSettings = typeof callTestSettings.fallback

export function kindsOf(settings: CallTestSettings): readonly CallKind[] {
  return callKinds.filter(kind => settings[kind])
}
