import { phone, Sheet, useMediaQuery } from '@parley/ui'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { ChatPanel } from '../chat/chat-panel.tsx'
import { useMeeting, useView } from '../context.ts'
import { FilesPanel } from '../files/files-panel.tsx'
import { PeoplePanel } from '../people/people-panel.tsx'
import { StatisticsPanel } from '../stats/statistics-panel.tsx'
import { type Panel, showPanel } from '../view.ts'
import { SidePanel } from './side-panel.tsx'

const contents: Record<Panel, () => ReactElement> = {
  chat: ChatPanel,
  people: PeoplePanel,
  files: FilesPanel,
  statistics: StatisticsPanel,
}

/** The open panel: beside the stage, or a bottom sheet on a phone. */
export function Panels() {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { view } = useMeeting()
  const panel = useView(state => state.panel)
  const small = useMediaQuery(phone)
  const close = () => showPanel(view, undefined)
  if (small) {
    return (Object.keys(contents) as Panel[]).map(each => {
      const Content = contents[each]
      return (
        <Sheet key={each} open={panel === each} onClose={close} title={t(each)} closeLabel={common('close')}>
          <div className="flex h-[70dvh] min-h-0 flex-col">
            <Content />
          </div>
        </Sheet>
      )
    })
  }
  if (!panel) return null
  const Content = contents[panel]
  return (
    <SidePanel key={panel} panel={panel} title={t(panel)} onClose={close}>
      <Content />
    </SidePanel>
  )
}
