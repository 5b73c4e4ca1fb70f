import calls from './calls.ts'
import common from './common.ts'
import greenRoom from './green-room.ts'
import home from './home.ts'
import labCallTest from './lab-call-test.ts'
import labChecks from './lab-checks.ts'
import labConstraints from './lab-constraints.ts'
import labDataChannel from './lab-data-channel.ts'
import labDevices from './lab-devices.ts'
import labLoopback from './lab-loopback.ts'
import labNat from './lab-nat.ts'
import labSdp from './lab-sdp.ts'
import labShell from './lab-shell.ts'
import labStatistics from './lab-statistics.ts'
import labTrickle from './lab-trickle.ts'
import meeting from './meeting.ts'

export default {
  common,
  home,
  greenRoom,
  calls,
  meeting,
  labLoopback,
  labSdp,
  labShell,
  labStatistics,
  labTrickle,
  labDevices,
  labConstraints,
  labNat,
  labCallTest,
  labDataChannel,
  labChecks,
}
