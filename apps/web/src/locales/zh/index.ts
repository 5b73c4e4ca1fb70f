import diagnostics from '@parley/diagnostics/zh'
import common from '@parley/ui/zh'
import calls from './calls.ts'
import greenRoom from './green-room.ts'
import home from './home.ts'
import meeting from './meeting.ts'
import recording from './recording.ts'

export default { calls, common, diagnostics, greenRoom, home, meeting, recording }
