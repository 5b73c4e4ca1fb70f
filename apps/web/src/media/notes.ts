import { toast } from '@parley/ui/page'
import i18next from 'i18next'
import type { InputKind } from './state.ts'

interface Change {
  readonly kind: InputKind
  readonly found: string
  readonly undo: () => void
}

const undoLabel = () => i18next.t('undo')

/** The device in use was unplugged and another took over; undo turns it off, so nobody is heard or seen unasked. */
export function noteReplaced({ kind, lost, found, undo }: Change & { readonly lost: string }): void {
  toast({
    id: `device-${kind}`,
    title: i18next.t(`device.replaced.${kind}`, { lost }),
    description: i18next.t('device.nowUsing', { found }),
    action: { label: undoLabel(), onSelect: undo },
    timeoutMs: 12_000,
  })
}

/** The chosen device is back and in use again; undo goes back to its replacement. */
export function noteReturned({ kind, found, undo }: Change): void {
  toast({
    id: `device-${kind}`,
    title: i18next.t('device.returned', { found }),
    action: { label: undoLabel(), onSelect: undo },
    timeoutMs: 12_000,
  })
}

export function noteSpeakerLost(lost: string): void {
  toast({ id: 'device-speaker', title: i18next.t('device.replaced.speaker', { lost }) })
}
