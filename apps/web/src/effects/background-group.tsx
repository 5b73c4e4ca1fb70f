import { type EffectsChoice, type ImageName, imageNames } from '@parley/effects'
import { Button } from '@parley/ui'
import { pickFile, toast } from '@parley/ui/page'
import { ImagePlus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChoiceGroup, ChoiceTile } from './choice-tile.tsx'
import { drawings } from './drawings.ts'
import { keepOwnPicture, NotAPicture, ownPicture } from './own-picture.ts'
import { Thumbnail } from './thumbnail.tsx'

type Background = EffectsChoice['background']

interface BackgroundGroupProps {
  readonly background: Background
  readonly onChange: (background: Background) => void
}

/** What is seen behind oneself: the room, blurred or not, a picture of ours, or one's own. */
export function BackgroundGroup({ background, onChange }: BackgroundGroupProps) {
  const { t } = useTranslation('effects')
  const [own, setOwn] = useState<Blob>()
  const address = useAddress(own)
  useEffect(() => {
    let here = true
    void ownPicture().then(kept => {
      if (here) setOwn(kept)
    })
    return () => {
      here = false
    }
  }, [])

  const upload = async () => {
    const file = await pickFile('image/*')
    if (!file) return
    try {
      const kept = await keepOwnPicture(file)
      setOwn(await ownPicture())
      onChange({ kind: 'image', image: 'own' })
      if (!kept) toast({ id: 'own-picture', title: t('upload.notKept'), description: t('upload.notKeptHint') })
    } catch (error) {
      if (!(error instanceof NotAPicture)) throw error
      toast({ id: 'own-picture', title: t('upload.bad'), description: t('upload.badHint'), tone: 'danger' })
    }
  }
  const shows = (image: ImageName) => background.kind === 'image' && background.image === image
  return (
    <div className="space-y-3">
      <ChoiceGroup title={t('background')}>
        <ChoiceTile
          label={t('background.none')}
          pressed={background.kind === 'none'}
          onPress={() => onChange({ kind: 'none' })}
        >
          <Thumbnail draw={drawings.none} />
        </ChoiceTile>
        {(['light', 'strong'] as const).map(strength => (
          <ChoiceTile
            key={strength}
            label={t(`background.${strength}`)}
            pressed={background.kind === 'blur' && background.strength === strength}
            onPress={() => onChange({ kind: 'blur', strength })}
          >
            <Thumbnail draw={drawings[strength]} />
          </ChoiceTile>
        ))}
        {imageNames.map(
          image =>
            image !== 'own' && (
              <ChoiceTile
                key={image}
                label={t(`image.${image}`)}
                pressed={shows(image)}
                onPress={() => onChange({ kind: 'image', image })}
              >
                <Thumbnail draw={drawings.images[image]} />
              </ChoiceTile>
            ),
        )}
        {address !== undefined && (
          <ChoiceTile
            label={t('image.own')}
            pressed={shows('own')}
            onPress={() => onChange({ kind: 'image', image: 'own' })}
          >
            <img src={address} alt="" className="size-full object-cover" />
          </ChoiceTile>
        )}
      </ChoiceGroup>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <Button icon={<ImagePlus size={18} aria-hidden="true" />} onClick={() => void upload()}>
          {t('upload')}
        </Button>
        <p className="min-w-0 flex-[1_1_14rem] text-sm text-ink-soft">{t('uploadHint')}</p>
      </div>
    </div>
  )
}

/** An address for a picture in memory, as long as it is shown. */
function useAddress(blob: Blob | undefined): string | undefined {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (!blob) return setAddress(undefined)
    const made = URL.createObjectURL(blob)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return address
}
