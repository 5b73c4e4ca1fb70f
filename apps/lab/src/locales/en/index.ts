import diagnostics from '@parley/diagnostics/en'
import common from '@parley/ui/en'
import labCallTest from './call-test.ts'
import labChecks from './checks.ts'
import labConstraints from './constraints.ts'
import labDataChannel from './data-channel.ts'
import labDevices from './devices.ts'
import labLoopback from './loopback.ts'
import labNat from './nat.ts'
import labSdp from './sdp.ts'
import labShell from './shell.ts'
import labStatistics from './statistics.ts'
import labTrickle from './trickle.ts'

export default {
  common,
  diagnostics,
  labCallTest,
  labChecks,
  labConstraints,
  labDataChannel,
  labDevices,
  labLoopback,
  labNat,
  labSdp,
  labShell,
  labStatistics,
  labTrickle,
}
