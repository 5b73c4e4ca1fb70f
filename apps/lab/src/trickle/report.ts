import { isRecord, measured, measuredAbove0 } from '@parley/diagnostics'
import { withOverall } from '../checks/overall.ts'
import { toJsonValue } from '../report/json.ts'
import type { Finding, FindingStatus, Json, ReportInput, Settings } from '../report/report.ts'
import type { GatheredCandidate, Gathering, GatheringError } from './gathering.ts'
import { type JudgedServer, type ServerVerdict, statusOf } from './verdict.ts'

export interface TrickleResult {
  readonly gathering: Gathering
  readonly judged: readonly JudgedServer[]
}

const order: readonly ServerVerdict['is'][] = [
  'untrusted',
  'wrong-credentials',
  'refused',
  'unresolved',
  'unreachable',
  'no-answer',
  'cannot-tell',
  'not-asked',
  'waiting',
  'ok',
  'same-address',
]

/** One finding per kind of verdict, naming the servers concerned, and one for the gathering as a whole. */
export function trickleFindings({ gathering, judged }: TrickleResult): readonly Finding[] {
  const about = order.flatMap(kind => {
    const those = judged.filter(({ verdict }) => verdict.is === kind)
    return those.length === 0 ? [] : [findingOf(kind, those, judged)]
  })
  const all = [...about, gatheredFinding(gathering)]
  return judged.length === 0 ? all : withOverall(all)
}

function findingOf(is: ServerVerdict['is'], judged: readonly JudgedServer[], all: readonly JudgedServer[]): Finding {
  // If a relay can be reached in another way, TLS is needed only in the strictest networks.
  const spared = is === 'untrusted' && all.some(({ url, verdict }) => verdict.is === 'ok' && url.startsWith('turn'))
  const [ended] = judged.flatMap(({ verdict }) => ('endedForMs' in verdict ? (verdict.endedForMs ?? []) : []))
  return {
    id: ended === undefined ? is : 'ended-credentials',
    status: spared ? 'warn' : statusOf[is],
    params: {
      servers: judged.map(({ url }) => url).join(', '),
      ...(ended !== undefined && { ago: measured(ended / 60_000, 'min') }),
    },
    evidence: Object.fromEntries(judged.map(({ url, verdict }) => [url, toJsonValue(verdict) ?? is])),
  }
}

function gatheredFinding({ candidates, end }: Gathering): Finding {
  const status: FindingStatus = candidates.length === 0 ? 'fail' : 'pass'
  const types = new Map<string, number>()
  for (const { type } of candidates) types.set(type, (types.get(type) ?? 0) + 1)
  return {
    id: 'gathered',
    status,
    params: {
      candidates: measuredAbove0(candidates.length, 'count'),
      took: measured(end && end.atMs / 1000, 's', 'cancelled'),
    },
    evidence: Object.fromEntries(types),
  }
}

export function trickleReport(settings: Settings, result: TrickleResult): ReportInput {
  const data = toJsonValue(result)
  return { page: 'trickle', settings, findings: trickleFindings(result), ...(data !== undefined && { data }) }
}

/** Reads back the data of {@link trickleReport}; undefined for anything else. */
export function readTrickle(data: Json | undefined): TrickleResult | undefined {
  if (!isRecord(data) || !isRecord(data.gathering) || !Array.isArray(data.judged)) return undefined
  const { candidates, errors, end } = data.gathering
  if (!Array.isArray(candidates) || !Array.isArray(errors)) return undefined
  const whole =
    candidates.every(isCandidate) &&
    errors.every(isError) &&
    data.judged.every(isJudged) &&
    (end === undefined || (isRecord(end) && typeof end.atMs === 'number'))
  return whole ? (data as unknown as TrickleResult) : undefined
}

const hasTexts = (value: unknown, names: readonly string[]) =>
  isRecord(value) && typeof value.atMs === 'number' && names.every(name => typeof value[name] === 'string')

function isCandidate(value: unknown): value is GatheredCandidate {
  if (!hasTexts(value, ['type', 'foundation', 'protocol', 'address', 'url', 'relayProtocol', 'related'])) return false
  const { priority } = value as { priority?: unknown }
  return (
    priority === undefined || (isRecord(priority) && Object.values(priority).every(part => typeof part === 'number'))
  )
}

function isError(value: unknown): value is GatheringError {
  return hasTexts(value, ['url', 'text', 'from']) && typeof (value as GatheringError).code === 'number'
}

function isJudged(value: unknown): value is JudgedServer {
  return (
    isRecord(value) && typeof value.url === 'string' && isRecord(value.verdict) && String(value.verdict.is) in statusOf
  )
}
