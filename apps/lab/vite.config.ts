// By its path: Vite reads this file in Node, which does not run TypeScript that lies in a package.
import { viteApp } from '../../packages/ui/vite-app.ts'

export default viteApp({ base: '/lab/', manifest: false })
