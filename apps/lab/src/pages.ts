import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { LabPageId } from './page-ids.ts'

export interface LabPage {
  readonly id: LabPageId
  /** Below `/lab/`. */
  readonly path: string
  readonly Page: LazyExoticComponent<ComponentType>
}

const page = (id: LabPageId, load: () => Promise<{ readonly default: ComponentType }>): LabPage => ({
  id,
  path: id,
  Page: lazy(load),
})

/** The pages in the order of the sidebar; `/lab` opens the first. Each folder's `page.tsx` has a default export. */
export const labPages: readonly LabPage[] = [
  page('checks', () => import('./checks/page.tsx')),
  page('call-test', () => import('./call-test/page.tsx')),
  page('trickle', () => import('./trickle/page.tsx')),
  page('nat', () => import('./nat/page.tsx')),
  page('devices', () => import('./devices/page.tsx')),
  page('constraints', () => import('./constraints/page.tsx')),
  page('loopback', () => import('./loopback/page.tsx')),
  page('sdp', () => import('./sdp/page.tsx')),
  page('statistics', () => import('./statistics/page.tsx')),
  page('data-channel', () => import('./data-channel/page.tsx')),
]
