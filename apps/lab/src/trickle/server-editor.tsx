import { Button, IconButton, TextField } from '@parley/ui'
import { Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { Option } from '../shell/option.tsx'
import { parseServerUrl, type UrlProblem } from './server-url.ts'
import { type EditedServer, needsPassword } from './servers.ts'

export interface ServerEditorProps {
  readonly ours: readonly EditedServer[]
  readonly others: readonly EditedServer[]
  readonly useOurs: boolean
  /** Whether there is a session whose servers could be filled in. */
  readonly connected: boolean
  readonly onUseOurs: (use: boolean) => void
  readonly onOthers: (others: readonly EditedServer[]) => void
}

/** Editor for the servers to ask: our own are filled in, others are added by hand. */
export function ServerEditor({ ours, others, useOurs, connected, onUseOurs, onOthers }: ServerEditorProps) {
  const { t } = useTranslation('labTrickle')
  return (
    <Card title={t('servers')} hint={t('servers.hint')}>
      <div className="-mx-2">
        <Option pressed={useOurs} onPressedChange={onUseOurs} hint={oursHint()}>
          {t('ours')}
        </Option>
      </div>
      {ours.length + others.length > 0 && (
        <ul aria-label={t('servers')} className="mt-1 mb-4 divide-y divide-line rounded-lg border border-line">
          {ours.map(({ url }) => (
            <li key={url} className="px-3.5 py-2.5 font-mono text-sm break-all">
              {url}
            </li>
          ))}
          {others.map((server, index) => (
            <Other
              key={server.url}
              server={server}
              onChange={next => onOthers(others.map((each, i) => (i === index ? next : each)))}
              onRemove={() => onOthers(others.filter((_, i) => i !== index))}
            />
          ))}
        </ul>
      )}
      <AddServer known={[...ours, ...others]} onAdd={server => onOthers([...others, server])} />
    </Card>
  )

  function oursHint(): string {
    if (!connected) return t('ours.away')
    return useOurs && ours.length === 0 ? t('ours.none') : t('ours.hint')
  }
}

interface OtherProps {
  readonly server: EditedServer
  readonly onChange: (server: EditedServer) => void
  readonly onRemove: () => void
}

/** A server that was added by hand. Its password may be missing, since links do not carry it. */
function Other({ server, onChange, onRemove }: OtherProps) {
  const { t } = useTranslation('labTrickle')
  const { url, username, credential } = server
  return (
    <li className="flex items-start gap-2 py-0.5 pr-0.5 pl-3.5">
      <div className="min-w-0 flex-1 py-2">
        <p className="font-mono text-sm break-all">{url}</p>
        {needsPassword(url) && (
          <div className="mt-2 grid gap-2 sm:grid-cols-2">
            <TextField
              label={t('username')}
              value={username}
              onChange={value => onChange({ ...server, username: value })}
            />
            <TextField
              label={t('password')}
              type="password"
              value={credential}
              onChange={value => onChange({ ...server, credential: value })}
            />
          </div>
        )}
      </div>
      <IconButton
        label={t('remove', { url })}
        tooltip={t('remove.short')}
        icon={<Trash2 size={18} aria-hidden="true" />}
        onClick={onRemove}
        className="text-ink-soft"
      />
    </li>
  )
}

interface AddServerProps {
  readonly known: readonly EditedServer[]
  readonly onAdd: (server: EditedServer) => void
}

function AddServer({ known, onAdd }: AddServerProps) {
  const { t } = useTranslation('labTrickle')
  const [url, setUrl] = useState('')
  const [username, setUsername] = useState('')
  const [credential, setCredential] = useState('')
  const [problem, setProblem] = useState<UrlProblem | 'known'>()
  const turn = needsPassword(url)

  const add = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parseServerUrl(url)
    if ('problem' in parsed) return setProblem(parsed.problem)
    if (known.some(server => server.url === url.trim())) return setProblem('known')
    onAdd({ url: url.trim(), username: turn ? username : '', credential: turn ? credential : '', own: false })
    setUrl('')
    setUsername('')
    setCredential('')
  }
  return (
    <form onSubmit={add} noValidate className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-start gap-3">
        <TextField
          label={t('add.label')}
          placeholder="turn:turn.example.org:3478?transport=udp"
          value={url}
          onChange={value => {
            setUrl(value)
            setProblem(undefined)
          }}
          error={problem && t(`problem.${problem}`)}
          className="min-w-0 flex-[1_1_16rem]"
        />
        <Button
          type="submit"
          size="lg"
          icon={<Plus size={18} aria-hidden="true" />}
          className="mt-[1.625rem] px-4 max-sm:mt-0 max-sm:w-full"
        >
          {t('add')}
        </Button>
      </div>
      {turn && (
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField label={t('username')} value={username} onChange={setUsername} />
          <TextField label={t('password')} type="password" value={credential} onChange={setCredential} />
        </div>
      )}
    </form>
  )
}
