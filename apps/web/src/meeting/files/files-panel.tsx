import { Button, Select } from '@parley/ui'
import { FileUp } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { ScrollArea } from '../panels/scroll-area.tsx'
import { FileCard } from './file-card.tsx'
import { fileGroups } from './file-groups.ts'
import { useFiles } from './use-files.ts'
import { useSendFiles } from './use-send-files.ts'

const everybody = 'everybody'

/** Files that come and go, and the way to send one. */
export function FilesPanel() {
  const { t } = useTranslation('files')
  const { t: meeting } = useTranslation('meeting')
  const { view } = useMeeting()
  const { participants } = useRoomState()
  const chosen = useView(state => state.filesTo)
  const groups = fileGroups(useFiles())
  const input = useRef<HTMLInputElement>(null)
  const send = useSendFiles()
  const people = participants.filter(({ via }) => via === undefined)
  const to = people.some(({ id }) => id === chosen) ? chosen : undefined
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="shrink-0 space-y-3 px-5 pb-4">
        {people.length > 1 && (
          <Select
            label={t('to')}
            value={to ?? everybody}
            options={[
              { value: everybody, label: t('everybody') },
              ...people.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={next => view.setState({ filesTo: next === everybody ? undefined : next })}
          />
        )}
        <Button
          block
          variant="soft"
          data-autofocus
          disabled={people.length === 0}
          icon={<FileUp size={18} aria-hidden="true" />}
          onClick={() => input.current?.click()}
        >
          {people.length === 1 ? t('chooseFor', { person: people[0]?.name }) : t('choose')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-hidden="true"
          tabIndex={-1}
          onChange={event => {
            send([...(event.currentTarget.files ?? [])], to)
            event.currentTarget.value = ''
          }}
        />
      </div>
      {groups.length === 0 ? (
        <p className="flex flex-1 items-center justify-center px-8 pb-10 text-center text-ink-soft">
          {t(people.length === 0 ? 'alone' : 'empty')}
        </p>
      ) : (
        <ScrollArea label={meeting('files')} className="min-h-0 flex-1 overflow-y-auto px-3 pb-4">
          <ul aria-label={meeting('files')} className="space-y-2">
            {groups.map(group => (
              <FileCard key={`${group.direction} ${group.file}`} group={group} />
            ))}
          </ul>
        </ScrollArea>
      )}
    </div>
  )
}
