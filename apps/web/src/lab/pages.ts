import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

/** Every page of the Lab. Its title and its one-line purpose are `page.<id>` and `purpose.<id>` in `labShell`. */
export type LabPageId =
  | 'checks'
  | 'call-test'
  | 'trickle'
  | 'nat'
  | 'devices'
  | 'constraints'
  | 'loopback'
  | 'sdp'
  | 'statistics'
  | 'data-channel'

export interface LabPage {
  readonly id: LabPageId
  /** Below `/lab/`. */
  readonly path: string
  /** Where its texts are, `finding.…` and `remedy.…` included. */
  readonly namespace: string
  readonly Page: LazyExoticComponent<ComponentType>
}

export const page = (
  id: LabPageId,
  namespace: string,
  load: () => Promise<{ readonly default: ComponentType }>,
): LabPage => ({
  id,
  path: id,
  namespace,
  Page: lazy(load),
})

/** The pages in the order of the sidebar; the first is where `/lab` leads. Each folder's `page.tsx` has a default export. */
export const labPages: readonly LabPage[] = []
