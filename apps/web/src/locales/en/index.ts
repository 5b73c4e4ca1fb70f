import diagnostics from '@parley/diagnostics/en'
import common from '@parley/ui/en'
import board from './board.ts'
import calls from './calls.ts'
import effects from './effects.ts'
import files from './files.ts'
import greenRoom from './green-room.ts'
import home from './home.ts'
import meeting from './meeting.ts'
import recording from './recording.ts'

export default { board, calls, common, diagnostics, effects, files, greenRoom, home, meeting, recording }
