import { registerSW } from 'virtual:pwa-register'
import { startApp } from '@parley/ui'
import { App } from './app.tsx'
import { startCalls } from './calls/call-store.ts'
import { texts } from './locales/texts.ts'
import { followDevices } from './media/media.ts'
import './styles.css'

followDevices()
startCalls()
await startApp(<App />, {
  texts,
  owns: path => !/^\/lab(\/|$)/.test(path),
  registerWorker: registerSW,
  isBusy: () => document.querySelector('[data-meeting], [data-busy]') !== null,
})
