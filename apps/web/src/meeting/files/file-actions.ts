import type { FileTransfer } from '@parley/client'

export type FileAction = 'accept' | 'decline' | 'pause' | 'resume' | 'cancel' | 'save' | 'remove'

/** What a person can do about a transfer now. */
export function actionsFor({ direction, state }: Pick<FileTransfer, 'direction' | 'state'>): readonly FileAction[] {
  const incoming = direction === 'incoming'
  switch (state.status) {
    case 'offered':
      return incoming ? ['accept', 'decline'] : ['cancel']
    case 'waiting':
    case 'transferring':
      return ['pause', 'cancel']
    case 'paused':
      return state.by === 'us' ? ['resume', 'cancel'] : ['cancel']
    case 'checking':
      return ['cancel']
    case 'done':
      return incoming ? ['save', 'remove'] : ['remove']
    case 'failed':
      return ['resume', 'remove']
    case 'stopped':
      return ['remove']
  }
}
