import type { LoadTexts } from '@parley/ui/page'
import type english from './en/index.ts'

declare module 'i18next' {
  interface ParleyTexts extends Readonly<typeof english> {}
}

/** All texts of the Lab, loaded in the person's language. */
export const texts: LoadTexts = { en: () => import('./en/index.ts'), zh: () => import('./zh/index.ts') }
