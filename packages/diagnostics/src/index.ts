export { type CallInfo, channelName, type Message, readMessage, silentMs, watchEveryMs } from './channel.ts'
export { discoverConnections, openConnections } from './discover.ts'
export { publishCall, type Watched } from './publish.ts'
export { isRecord } from './record.ts'
export { type CallSample, type ConnectionSample, isCallSample, type StatsEntry } from './sample.ts'
export {
  isTimeline,
  makeTimeline,
  maxTimelineEvents,
  type Timeline,
  type TimelineEvent,
  type TimelineKind,
  timelineKinds,
} from './timeline.ts'
export { formatValue, isMissing, measured, measuredAbove0, type Unit, type Value } from './value.ts'
