// By their paths: Vite reads this file in Node, which does not run TypeScript that lies in a package.
import { effectsAssets } from '../../packages/effects/vite-assets.ts'
import { viteApp } from '../../packages/ui/vite-app.ts'
import { excalidraw } from './vite-excalidraw.ts'

export default viteApp({
  base: '/',
  manifest: {
    id: '/',
    name: 'Parley',
    short_name: 'Parley',
    description: 'Meet by link. No install, no account.',
    display: 'standalone',
    start_url: '/',
    background_color: '#faf9f7',
    theme_color: '#0b7a75',
    icons: [
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ],
  },
  onDemand: [/meeting\/board\/board-view/],
  notKept: ['assets/effects-*/**', 'assets/recording-kit-*.js', 'assets/{file,store,finish,tick}-worker-*.js'],
  plugins: [excalidraw(), effectsAssets()],
  notPages: [/^\/(api|socket\.io|relay|healthz|readyz|metrics|lab)(\/|$)/],
})
