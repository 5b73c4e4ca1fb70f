import labCallTest from './lab-call-test.ts'
import labChecks from './lab-checks.ts'
import labConstraints from './lab-constraints.ts'
import labDataChannel from './lab-data-channel.ts'
import labDevices from './lab-devices.ts'
import labLoopback from './lab-loopback.ts'
import labNat from './lab-nat.ts'
import labSdp from './lab-sdp.ts'
import labStatistics from './lab-statistics.ts'
import labTrickle from './lab-trickle.ts'

/** What only the Lab's pages need; loaded with the Lab. */
export default {
  labCallTest,
  labChecks,
  labConstraints,
  labDataChannel,
  labDevices,
  labLoopback,
  labNat,
  labSdp,
  labStatistics,
  labTrickle,
}
