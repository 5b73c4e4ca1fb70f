import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { startI18n } from './app/i18n.ts'
import { loadServerInfo } from './app/server-info.ts'
import { startSession } from './app/session.ts'
import { followOtherTabs } from './app/settings.ts'
import { followTheme } from './app/theme.ts'
import { startUpdates } from './app/update-prompt.ts'
import { followDevices } from './media/media.ts'
import { startCalls } from './meet/calls/call-store.ts'
import './styles.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

followTheme()
followOtherTabs()
followDevices()
startCalls()
startSession()
void loadServerInfo()
await startI18n()

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

startUpdates()
