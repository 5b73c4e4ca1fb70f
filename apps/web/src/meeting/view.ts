import type { PeerStats, Trouble } from '@parley/client'
import { createStore, type StoreApi } from 'zustand'
import type { Pending } from './chat/outbox.ts'
import type { Layout } from './stage/arrange.ts'

export type Panel = 'chat' | 'people' | 'files' | 'statistics'
/** Where the whiteboard is: beside the pictures, in their place or floating above them. A phone has space for one of both. */
export const boardLayouts = ['split', 'full', 'floating'] as const
export type BoardLayout = (typeof boardLayouts)[number]
type DialogName = 'settings' | 'effects' | 'help' | 'invite' | 'record'

export interface FlyingReaction {
  readonly id: number
  readonly emoji: string
  readonly name: string
}

/** This person's view of the meeting. It is local: nothing of it is sent to others. */
export interface ViewState {
  readonly layout: Layout
  /** The key of the tile that is kept large. */
  readonly pinned: string | undefined
  /** The key of the current speaker's tile. */
  readonly speaker: string | undefined
  readonly page: number
  readonly hideSelf: boolean
  readonly panel: Panel | undefined
  readonly dialog: DialogName | undefined
  /** Playback volume of each participant, 0..1, by id; absent means 1. */
  readonly volumes: ReadonlyMap<string, number>
  readonly reactions: readonly FlyingReaction[]
  /** Whom the next file is for, by id; undefined: everybody. */
  readonly filesTo: string | undefined
  /** Messages that came while the chat was closed. */
  readonly unread: number
  readonly draft: string
  readonly pending: readonly Pending[]
  /** Whether the browser refuses to play sound until the person presses something. */
  readonly soundBlocked: boolean
  /** The snapshots so far, and the tile that the last was of; undefined: the whole meeting. A change triggers the flash. */
  readonly flash: { readonly count: number; readonly key: string | undefined }
  /** The newest measurement; undefined before the first. */
  readonly stats: readonly PeerStats[] | undefined
  /** Troubles that this person has dismissed, not to be shown again. */
  readonly dismissed: ReadonlySet<Trouble>
  readonly boardOpen: boolean
  readonly boardLayout: BoardLayout
  /** Others have drawn on the whiteboard while it was closed here. */
  readonly boardUnseen: boolean
  /** The picture-in-picture window, while it is open. */
  readonly pip: Window | undefined
}

export type View = StoreApi<ViewState>

export function createView(): View {
  return createStore<ViewState>(() => ({
    layout: 'auto',
    pinned: undefined,
    speaker: undefined,
    page: 0,
    hideSelf: false,
    panel: undefined,
    dialog: undefined,
    volumes: new Map(),
    reactions: [],
    filesTo: undefined,
    unread: 0,
    draft: '',
    pending: [],
    soundBlocked: false,
    flash: { count: 0, key: undefined },
    stats: undefined,
    dismissed: new Set(),
    boardOpen: false,
    boardLayout: 'split',
    boardUnseen: false,
    pip: undefined,
  }))
}

/** Opens a panel in place of any other; `undefined` closes it. Opening the chat clears its badge. */
export function showPanel(view: View, panel: Panel | undefined): void {
  view.setState(panel === 'chat' ? { panel, unread: 0 } : { panel })
}

export function togglePanel(view: View, panel: Panel): void {
  showPanel(view, view.getState().panel === panel ? undefined : panel)
}

/** Opens or closes the whiteboard. */
export function toggleBoard(view: View, open = !view.getState().boardOpen): void {
  view.setState({ boardOpen: open, boardUnseen: false })
}

export function togglePin(view: View, key: string): void {
  view.setState(state => ({ pinned: state.pinned === key ? undefined : key }))
}

export function setVolume(view: View, participantId: string, volume: number): void {
  view.setState(state => ({ volumes: new Map(state.volumes).set(participantId, volume) }))
}
