import type { FileState, FileTransfer } from '@parley/client'
import { useTranslation } from 'react-i18next'
import { fileSize, timeLeft } from './amounts.ts'

/** How a transfer stands, in a sentence. */
export function useStateWords({ direction, participant, person, state, bytes }: FileTransfer): string {
  const { t, i18n } = useTranslation('files')
  const { language } = i18n
  switch (state.status) {
    case 'offered':
      return t(direction === 'incoming' ? 'state.offeredToUs' : 'state.offered')
    case 'waiting':
      return participant === undefined ? t('state.away', { person }) : t('state.connecting')
    case 'transferring':
      return movement(state, bytes)
    case 'paused':
      return state.by === 'us' ? t('state.paused') : t('state.pausedByThem', { person })
    case 'checking':
      return t('state.checking')
    case 'done':
      return t(direction === 'incoming' ? 'state.arrived' : 'state.delivered')
    case 'stopped':
      return stopped(state)
    case 'failed':
      return failure(state)
  }

  function movement({ bytesPerSecond, secondsLeft, path }: Extract<FileState, { status: 'transferring' }>, at: number) {
    const parts = [fileSize(at, language)]
    if (bytesPerSecond !== undefined) parts.push(t('state.speed', { speed: fileSize(bytesPerSecond, language) }))
    if (secondsLeft !== undefined) parts.push(t('state.left', { time: timeLeft(secondsLeft, language) }))
    if (path) parts.push(t(`state.${path}`))
    return parts.join(' · ')
  }

  function stopped({ by, why }: Extract<FileState, { status: 'stopped' }>) {
    if (by === 'us') return t(why === 'declined' ? 'state.declined' : 'state.cancelled')
    return t(why === 'declined' ? 'state.declinedByThem' : 'state.cancelledByThem', { person })
  }

  function failure({ error }: Extract<FileState, { status: 'failed' }>) {
    switch (error.code) {
      case 'storage-full':
        return t('state.full')
      case 'file-unreadable':
        return t(direction === 'incoming' ? 'state.unreadableThere' : 'unreadable', { person })
      case 'file-corrupted':
        return t('state.corrupted')
      case 'storage-unavailable':
        return t('state.noStorage')
      default:
        return t('state.failed')
    }
  }
}
