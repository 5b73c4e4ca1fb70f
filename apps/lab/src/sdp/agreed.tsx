import { useTranslation } from 'react-i18next'
import { StatusIcon } from '../shell/status.tsx'
import type { Agreement } from './agree.ts'
import { codecTitle } from './codecs.ts'
import { useSectionTitle } from './explained.tsx'

/** Shows what offer and answer agreed on, section by section. */
export function Agreed({ agreements }: { readonly agreements: readonly Agreement[] }) {
  return (
    <ul className="space-y-3">
      {agreements.map(agreement => (
        <One key={agreement.index} agreement={agreement} />
      ))}
    </ul>
  )
}

function One({ agreement }: { readonly agreement: Agreement }) {
  const { t } = useTranslation('labSdp')
  const title = useSectionTitle()
  const { state, way, codecs, declined, helpers, extensions, dtlsClient, bundled, layers } = agreement
  const list = (items: readonly string[]) => (items.length > 0 ? items.join(', ') : t('none'))
  const media = agreement.kind !== 'application'
  const rows: readonly (readonly [string, string])[] =
    state === 'agreed'
      ? [
          ...(media ? [[t('agreed.way'), t(`agreed.way.${way}`)] as const] : []),
          ...(media ? [[t('agreed.codecs'), list(codecs.map(codecTitle))] as const] : []),
          ...(media ? [[t('agreed.declined'), list(declined)] as const] : []),
          ...(media ? [[t('agreed.helpers'), list(helpers)] as const] : []),
          ...(media ? [[t('agreed.extensions'), list(extensions.map(shortUri))] as const] : []),
          ...(layers.length > 0 ? [[t('agreed.layers'), list(layers)] as const] : []),
          [t('agreed.dtls'), t(`agreed.dtls.${dtlsClient}`)],
          [t('agreed.bundled'), bundled ? t('yes') : t('no')],
        ]
      : [[t('agreed.declined'), list(declined)]]
  return (
    <li data-agreement={state} className="rounded-lg border border-line p-4">
      <h3 className="flex flex-wrap items-center gap-2 font-medium">
        <StatusIcon
          status={
            state === 'agreed' && agreement.faults.length === 0
              ? 'pass'
              : state === 'no-codec' || agreement.faults.length > 0
                ? 'fail'
                : 'warn'
          }
        />
        {title(agreement)}
        <span className="font-normal text-ink-soft">{t(`agreed.state.${state}`)}</span>
      </h3>
      <dl className="mt-2 grid gap-x-5 gap-y-1 text-sm sm:grid-cols-[12rem_1fr]">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft max-sm:mt-1">{name}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

/** The last part of a URI, e.g. `transport-wide-cc-extensions-01`. */
const shortUri = (uri: string) => uri.split(/[/#:]/).at(-1) ?? uri
