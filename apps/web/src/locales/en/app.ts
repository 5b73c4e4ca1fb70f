import calls from './calls.ts'
import common from './common.ts'
import greenRoom from './green-room.ts'
import home from './home.ts'
import labShell from './lab-shell.ts'
import meeting from './meeting.ts'

/** What every page needs; loaded at once. */
export default { calls, common, greenRoom, home, labShell, meeting }
