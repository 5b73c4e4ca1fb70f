import { IconButton, Spinner } from '@parley/ui'
import { toast } from '@parley/ui/page'
import { WandSparkles } from 'lucide-react'
import { type ComponentType, useState } from 'react'
import { useTranslation } from 'react-i18next'

type Dialog = ComponentType<{ readonly open: boolean; readonly onClose: () => void }>

/** Opens the effects where no meeting is yet. What they are made of is fetched at the first press. */
export function EffectsButton() {
  const { t } = useTranslation('effects')
  const [state, setState] = useState<{ readonly open: boolean; readonly Dialog?: Dialog; readonly busy?: true }>({
    open: false,
  })
  const open = async () => {
    if (state.Dialog) return setState({ ...state, open: true })
    setState({ open: false, busy: true })
    try {
      const { EffectsDialog } = await import('./effects-dialog.tsx')
      setState({ open: true, Dialog: EffectsDialog })
    } catch (error) {
      console.warn('The effects cannot be loaded:', error)
      setState({ open: false })
      toast({ id: 'effects', title: t('loadFailed'), description: t('loadFailedHint'), tone: 'danger' })
    }
  }
  return (
    <>
      <IconButton
        label={t('open')}
        variant="control"
        icon={state.busy ? <Spinner size={22} /> : <WandSparkles size={22} aria-hidden="true" />}
        aria-haspopup="dialog"
        onClick={() => void open()}
        className="size-12! rounded-full!"
      />
      {state.Dialog && <state.Dialog open={state.open} onClose={() => setState({ ...state, open: false })} />}
    </>
  )
}
