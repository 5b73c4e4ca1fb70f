import { cx, IconButton, Menu, MenuItem, MenuRadioGroup, MenuSeparator, Sheet } from '@parley/ui'
import { Ellipsis, LayoutGrid, LayoutPanelTop, PanelRight, Sparkles } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useView } from '../context.ts'
import { offersOf } from '../files/file-groups.ts'
import { useFiles } from '../files/use-files.ts'
import { type Layout, layouts } from '../stage/arrange.ts'
import type { Actions } from './actions.ts'
import { type MoreItem, useMoreItems } from './more-items.tsx'
import { EmojiRow } from './reactions-menu.tsx'

const layoutIcons: Record<Layout, ReactNode> = {
  auto: <Sparkles size={20} aria-hidden="true" />,
  grid: <LayoutGrid size={20} aria-hidden="true" />,
  speaker: <LayoutPanelTop size={20} aria-hidden="true" />,
  sidebar: <PanelRight size={20} aria-hidden="true" />,
}

/** Actions that do not need a place on the bar: a menu, or a sheet on a phone. */
export function More({ actions, small }: { readonly actions: Actions; readonly small: boolean }) {
  const { t } = useTranslation('meeting')
  const { t: board } = useTranslation('board')
  const items = useMoreItems(actions, small)
  const news = items.some(item => item.news)
  const trigger = (
    <IconButton
      label={news ? board('moreNews') : t('more')}
      tooltip={t('more')}
      variant="control"
      icon={<Ellipsis size={20} aria-hidden="true" />}
    />
  )
  if (small) return <MoreSheet items={items} />
  return (
    <span data-panel-button="statistics files" className="relative inline-flex">
      {news && <NewsDot className="absolute top-1 left-1 z-1" />}
      <Menu side="top" align="end" trigger={trigger}>
        <LayoutMenu />
        <MenuSeparator />
        {items.map(({ id, icon, shortcut, label, news, onSelect }) => (
          <MenuItem key={id} icon={icon} shortcut={shortcut} onSelect={onSelect}>
            <span className="flex items-center gap-2">
              {label}
              {news && <NewsDot />}
            </span>
          </MenuItem>
        ))}
      </Menu>
      <OfferBadge />
    </span>
  )
}

/** How many files wait for an answer. */
function OfferBadge() {
  const offers = offersOf(useFiles())
  if (offers === 0) return null
  return (
    <span
      aria-hidden="true"
      className="pointer-events-none absolute -top-1 -right-1 flex h-5 min-w-5 items-center justify-center rounded-full bg-danger px-1 text-[0.6875rem] font-semibold tabular-nums text-on-danger"
    >
      {offers > 99 ? '99+' : offers}
    </span>
  )
}

function NewsDot({ className }: { readonly className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx('pointer-events-none size-2.5 shrink-0 rounded-full bg-danger ring-2 ring-surface', className)}
    />
  )
}

function LayoutMenu() {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const layout = useView(state => state.layout)
  return (
    <MenuRadioGroup
      label={t('layout')}
      value={layout}
      choices={layouts.map(value => ({ value, label: t(`layout.${value}`), icon: layoutIcons[value] }))}
      onChange={next => view.setState({ layout: next })}
    />
  )
}

function MoreSheet({ items }: { readonly items: readonly MoreItem[] }) {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { t: board } = useTranslation('board')
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  const news = items.some(item => item.news)
  return (
    <>
      <span data-panel-button="statistics files" className="relative inline-flex">
        <IconButton
          label={news ? board('moreNews') : t('more')}
          tooltip={t('more')}
          variant="control"
          icon={<Ellipsis size={20} aria-hidden="true" />}
          aria-haspopup="dialog"
          aria-expanded={open}
          onClick={() => setOpen(true)}
        />
        {news && <NewsDot className="absolute top-1 left-1 z-1" />}
        <OfferBadge />
      </span>
      <Sheet open={open} onClose={close} title={t('more')} closeLabel={common('close')}>
        <div className="space-y-4 px-4 pt-1 pb-5">
          <EmojiRow onPicked={close} />
          <LayoutButtons onPicked={close} />
          <ul>
            {items.map(({ id, icon, label, news, onSelect }) => (
              <li key={id}>
                <button
                  type="button"
                  onClick={() => {
                    close()
                    onSelect()
                  }}
                  className="flex min-h-12 w-full items-center gap-3 rounded-lg px-3 text-left hover:bg-hover"
                >
                  {icon}
                  {label}
                  {news && <NewsDot />}
                </button>
              </li>
            ))}
          </ul>
        </div>
      </Sheet>
    </>
  )
}

function LayoutButtons({ onPicked }: { readonly onPicked: () => void }) {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const layout = useView(state => state.layout)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
    <div role="group" aria-label={t('layout')} className="grid grid-cols-4 gap-1.5">
      {layouts.map(each => (
        <button
          key={each}
          type="button"
          aria-pressed={layout === each}
          onClick={() => {
            view.setState({ layout: each })
            onPicked()
          }}
          className={cx(
            'flex h-16 flex-col items-center justify-center gap-1 rounded-lg text-sm font-medium',
            layout === each ? 'bg-accent-soft text-accent-text' : 'bg-control hover:bg-control-hover',
          )}
        >
          {layoutIcons[each]}
          {t(`layout.${each}`)}
        </button>
      ))}
    </div>
  )
}
