import diagnostics from '@parley/diagnostics/en'
import common from '@parley/ui/en'
import calls from './calls.ts'
import effects from './effects.ts'
import files from './files.ts'
import greenRoom from './green-room.ts'
import home from './home.ts'
import meeting from './meeting.ts'

export default { calls, common, diagnostics, effects, files, greenRoom, home, meeting }
