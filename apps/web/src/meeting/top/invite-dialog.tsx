import { Dialog } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { useMeeting, useView } from '../context.ts'
import { Invite } from './invite.tsx'

export function InviteDialog() {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { view } = useMeeting()
  const open = useView(state => state.dialog === 'invite')
  return (
    <Dialog
      open={open}
      onClose={() => view.setState({ dialog: undefined })}
      title={t('invite')}
      description={t('aloneHint')}
      size="lg"
      closeLabel={common('close')}
    >
      <Invite />
    </Dialog>
  )
}
