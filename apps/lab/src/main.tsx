import { registerSW } from 'virtual:pwa-register'
import { startApp } from '@parley/ui'
import { App } from './app.tsx'
import { announceCalls } from './incoming-call.ts'
import { texts } from './locales/texts.ts'
import { publishLoopback } from './loopback/publish.ts'
import './styles.css'

publishLoopback()
await startApp(<App />, { texts, owns: path => /^\/lab(\/|$)/.test(path), registerWorker: registerSW })
announceCalls()
