import diagnostics from '@parley/diagnostics/en'
import common from '@parley/ui/en'
import calls from './calls.ts'
import greenRoom from './green-room.ts'
import home from './home.ts'
import meeting from './meeting.ts'
import recording from './recording.ts'

export default { calls, common, diagnostics, greenRoom, home, meeting, recording }
