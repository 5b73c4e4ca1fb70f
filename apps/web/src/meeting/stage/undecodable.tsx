import { useTranslation } from 'react-i18next'

interface UndecodableProps {
  readonly name: string
  /** In which the picture is sent. */
  readonly codec: string
  /** Room for a sentence, or only for a few words. */
  readonly roomy: boolean
}

/** Stands where a picture would be that this browser cannot decode. */
export function Undecodable({ name, codec, roomy }: UndecodableProps) {
  const { t } = useTranslation('meeting')
  return (
    <div className="pointer-events-none absolute inset-0 flex flex-col items-center justify-center overflow-hidden bg-black/70 p-3 text-center text-white">
      <p className="line-clamp-2 text-sm font-medium">{t('undecodable')}</p>
      {roomy && (
        <p className="mt-1 line-clamp-4 max-w-72 text-white/80 text-xs sm:text-sm">
          {t('undecodableWhy', { name, codec })}
        </p>
      )}
    </div>
  )
}
