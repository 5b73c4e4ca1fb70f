import app from './app.ts'
import lab from './lab.ts'

export default { ...app, ...lab }
