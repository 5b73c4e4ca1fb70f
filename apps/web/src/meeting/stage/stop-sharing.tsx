import { Button } from '@parley/ui'
import { ScreenShareOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'

/** In the middle of one's own screen tile: the way out is where one looks. */
export function StopSharing({ roomy }: { readonly roomy: boolean }) {
  const { t } = useTranslation('meeting')
  const { share } = useMeeting()
  return (
    <div className="absolute inset-0 flex items-center justify-center">
      <Button
        variant="danger"
        aria-label={t('share.stop')}
        icon={<ScreenShareOff size={18} aria-hidden="true" />}
        onClick={() => void share.stop()}
        className="shadow-pop"
      >
        {roomy && t('share.stop')}
      </Button>
    </div>
  )
}
