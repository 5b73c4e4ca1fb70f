import type { Session } from '@parley/client'
import { callTestReport } from '../call-test/report.ts'
import { type CallKind, callKinds } from '../call-test/result.ts'
import { callTestLimitMs, runCallTest, serverTime } from '../call-test/run-call-test.ts'
import { sdkCalls } from '../call-test/sdk-call.ts'
import { callTestSettings } from '../call-test/settings.ts'
import { openLink } from '../data-channel/link.ts'
import { measureLimitMs, measureLink } from '../data-channel/measure.ts'
import { channelInit, channelSettings } from '../data-channel/options.ts'
import { channelReport } from '../data-channel/report.ts'
import { examineDevices } from '../devices/examine.ts'
import { deviceReport } from '../devices/report.ts'
import { judge } from '../nat/judge.ts'
import { probeLimitMs, probeNat } from '../nat/probe.ts'
import { natReport } from '../nat/report.ts'
import type { ReportInput } from '../report/report.ts'
import { lookAtServer } from '../server/look.ts'
import { gatherEach } from '../trickle/gather.ts'
import { mergeGatherings } from '../trickle/gathering.ts'
import { trickleReport } from '../trickle/report.ts'
import { needsPassword, serversOf } from '../trickle/servers.ts'
import { trickleSettings } from '../trickle/settings.ts'
import { type JudgedServer, judgeServers } from '../trickle/verdict.ts'

/** What a check has to work with. */
export interface CheckContext {
  /** Undefined if the server cannot be reached. */
  readonly session: Session | undefined
  /** How long each call is measured. */
  readonly seconds: number
  readonly signal: AbortSignal
  /** Results that one check passes on to later ones. */
  readonly known: { turn?: readonly JudgedServer[] }
}

export interface Check {
  /** Groups run one after the other. Checks within a group hardly load the network, so they run in parallel. */
  readonly group: 1 | 2 | 3
  /** Whether the check makes sense without the server. */
  readonly offline: boolean
  readonly limitMs: (seconds: number) => number
  readonly run: (context: CheckContext) => Promise<ReportInput>
}

const gatherSeconds = 6

/** The checks in the order they run. Each runs the test of the page of that name, without prompting the person. */
export const checks = {
  devices: {
    group: 1,
    offline: true,
    limitMs: () => 60_000,
    run: async ({ signal }) => deviceReport(await examineDevices({ mayAsk: false, signal })),
  },
  trickle: {
    group: 1,
    offline: false,
    limitMs: () => gatherSeconds * 1000 + 5000,
    run: async ({ session, signal, known }) => {
      const settings = { ...trickleSettings.fallback, seconds: gatherSeconds }
      const how = { servers: serversOf(session?.iceServers ?? []), relayOnly: false }
      const looking = lookAtServer(signal)
      const gatherings = await gatherEach({
        ...how,
        poolSize: 0,
        limitMs: gatherSeconds * 1000,
        signal,
        enough: (server, so) =>
          judgeServers({ servers: [server], relayOnly: false, gatherings: [so] })[0]?.verdict.is !== 'waiting',
      })
      const judged = judgeServers({ ...how, gatherings, ...serverTime(await looking) })
      known.turn = judged.filter(({ url }) => needsPassword(url))
      return trickleReport(settings, { gathering: mergeGatherings(gatherings), judged })
    },
  },
  nat: {
    group: 1,
    offline: false,
    limitMs: () => probeLimitMs,
    run: async ({ session, signal }) => {
      const observed = await probeNat({ iceServers: session?.iceServers ?? [], second: undefined, signal })
      return natReport({}, { observed, findings: judge(observed) })
    },
  },
  'call-test': {
    group: 2,
    offline: true,
    limitMs: seconds => callTestLimitMs(callKinds.length, seconds),
    run: async ({ session, seconds, signal, known }) => {
      const kinds: readonly CallKind[] = callKinds
      const calls = sdkCalls(session?.token ?? '')
      return callTestReport(
        { ...callTestSettings.fallback, seconds },
        await runCallTest({ session, calls, kinds, seconds, signal, turn: known.turn }),
      )
    },
  },
  'data-channel': {
    group: 3,
    offline: true,
    limitMs: () => measureLimitMs(1),
    run: async ({ signal }) => {
      const settings = { ...channelSettings.fallback, seconds: 1 }
      const link = await openLink({ init: channelInit(settings), relay: undefined, signal })
      try {
        const { chunk: chunkBytes, seconds } = settings
        return channelReport(settings, await measureLink(link, { chunkBytes, seconds, signal }), settings.mode)
      } finally {
        link.close()
      }
    },
  },
} as const satisfies Record<string, Check>

export type CheckId = keyof typeof checks
export const checkIds = Object.keys(checks) as readonly CheckId[]
