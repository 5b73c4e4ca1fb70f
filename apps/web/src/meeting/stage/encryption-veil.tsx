import type { EncryptionState } from '@parley/client'
import { LockKeyhole } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isClosed } from '../top/protection.ts'

interface VeilProps {
  readonly name: string
  readonly encryption: EncryptionState
  /** Whether there is room for a sentence, or only for a few words. */
  readonly roomy: boolean
}

/** Covers the tile of somebody whose media cannot be decrypted, or is not encrypted: a padlock, and in words why. */
export function EncryptionVeil({ name, encryption, roomy }: VeilProps) {
  const { t } = useTranslation('meeting')
  if (!isClosed(encryption)) return null
  return (
    <div className="pointer-events-none absolute inset-0 flex flex-col items-center justify-center gap-1.5 overflow-hidden bg-[#1f1d1b] p-3 text-center text-white">
      <LockKeyhole size={roomy ? 28 : 18} aria-hidden="true" className="shrink-0" />
      <p className="line-clamp-2 text-sm font-medium">{t(`encryptionOf.${encryption}`)}</p>
      {roomy && (
        <p className="line-clamp-4 max-w-72 text-white/80 text-xs sm:text-sm">
          {t(`encryptionWhy.${encryption}`, { name })}
        </p>
      )}
    </div>
  )
}
