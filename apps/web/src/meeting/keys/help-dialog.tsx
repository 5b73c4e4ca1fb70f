import { Dialog, Kbd, Switch } from '@parley/ui'
import { changeSettings, useSettings } from '@parley/ui/page'
import { useTranslation } from 'react-i18next'
import { useMeeting, useView } from '../context.ts'
import { actions, shortcuts } from './shortcuts.ts'

/** Lists every shortcut, with the switch that turns them all off. */
export function HelpDialog() {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { view } = useMeeting()
  const open = useView(state => state.dialog === 'help')
  const on = useSettings(settings => settings.shortcuts)
  return (
    <Dialog
      open={open}
      onClose={() => view.setState({ dialog: undefined })}
      title={t('help')}
      description={t('help.hint')}
      size="lg"
      closeLabel={common('close')}
    >
      <dl className="grid grid-cols-1 gap-x-8 sm:grid-cols-2">
        <Key name={t('key.space')} does={t('does.talk')} />
        {actions.map(action => (
          <Key key={action} name={shortcuts[action].toUpperCase()} does={t(`does.${action}`)} />
        ))}
        <Key name="Esc" does={t('does.close')} />
      </dl>
      <div className="mt-4 border-t border-line pt-3">
        <Switch label={t('shortcuts.on')} checked={on} onChange={next => changeSettings({ shortcuts: next })} />
      </div>
    </Dialog>
  )
}

function Key({ name, does }: { readonly name: string; readonly does: string }) {
  return (
    <div className="flex min-h-9 flex-row-reverse items-center justify-end gap-3">
      <dt className="min-w-0 flex-1">{does}</dt>
      <dd className="flex w-14 shrink-0 justify-start text-ink-soft">
        <Kbd>{name}</Kbd>
      </dd>
    </div>
  )
}
