import { formatValue, isMissing, type Value } from '@parley/diagnostics'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { namespaces } from '../page-ids.ts'
import type { Finding } from '../report/report.ts'
import type { ReportWords } from '../report/text.ts'

type Params = Readonly<Record<string, string | number>>

/** Looks up texts by keys that are built at run time; a test for each page asserts that they exist. */
export interface Words extends ReportWords {
  readonly language: string
  /** Undefined if there is no such text. */
  readonly find: (namespace: string, key: string, params?: Params) => string | undefined
  /** The number with its unit, or the sentence that says why there is no number. */
  readonly value: (value: Value) => string
}

/** i18next with an untyped interface, for keys that the compiler cannot know. */
const texts = i18next as unknown as {
  exists(key: string, options: { readonly ns: string; readonly lng: string }): boolean
  t(key: string, options: Params & { readonly ns: string; readonly lng: string }): string
}

function wordsOf(language: string): Words {
  const find: Words['find'] = (ns, key, params = {}) => {
    const from = { ns, lng: language }
    const known = texts.exists(key, from) || texts.exists(`${key}_other`, from)
    return known ? texts.t(key, { ...params, ...from }) : undefined
  }
  const shell = (key: string, params?: Params) => find('labShell', key, params) ?? key
  const value: Words['value'] = each =>
    isMissing(each)
      ? (find('diagnostics', `missing.${each.missing}`) ?? each.missing)
      : (formatValue(each, language) ?? '')
  const namespace = (page: string) => (Object.hasOwn(namespaces, page) ? Reflect.get(namespaces, page) : 'labShell')
  const about = (kind: string, page: string, { id, status, params = {} }: Finding) => {
    const filled = Object.entries(params).map(([name, each]) => [name, typeof each === 'string' ? each : value(each)])
    return find(namespace(page), `${kind}.${id}.${status}`, Object.fromEntries(filled))
  }
  return {
    language,
    find,
    value,
    title: page => shell(`page.${page}`),
    status: status => shell(`status.${status}`),
    sentence: (page, finding) =>
      about('finding', page, finding) ?? `${finding.id}: ${shell(`status.${finding.status}`)}`,
    remedy: (page, finding) => about('remedy', page, finding),
    label: name => shell(`report.${name}`),
  }
}

/** {@link Words} in the app's language; re-renders when that changes. */
export function useWords(): Words {
  const { i18n } = useTranslation()
  return wordsOf(i18n.language)
}
