import type { Role, RoleOptions } from './screen.ts'

/** One step of a way to an element. Runs over to the browser, so texts to look for come as patterns. */
export type Step =
  | { readonly by: 'css'; readonly css: string; readonly hasText?: Pattern | undefined }
  | {
      readonly by: 'role'
      readonly css: string
      readonly name?: Pattern | undefined
      readonly pressed?: boolean | undefined
    }
  | { readonly by: 'text'; readonly text: Pattern }
  | { readonly by: 'first' }

interface Pattern {
  readonly source: string
  readonly flags: string
}

const roles: Record<Role, string> = {
  alert: '[role=alert]',
  button: 'button:not([role]), [role=button]',
  checkbox: 'input[type=checkbox]:not([role]), [role=checkbox]',
  dialog: 'dialog, [role=dialog], [role=alertdialog]',
  heading: 'h1, h2, h3, h4, h5, h6, [role=heading]',
  link: 'a[href]:not([role]), [role=link]',
  list: 'ul, ol, [role=list]',
  listitem: 'li, [role=listitem]',
  switch: '[role=switch]',
  tab: '[role=tab]',
  textbox: 'textarea, input:not([type]), input[type=text], input[type=url], input[type=password], [role=textbox]',
}

/** As Playwright reads it: a text is looked for inside, whatever the case and the spaces; an exact one is the whole. */
function pattern(text: string | RegExp, exact = false): Pattern {
  if (text instanceof RegExp) return { source: text.source, flags: text.flags }
  const source = text.trim().replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return exact ? { source: `^${source}$`, flags: '' } : { source, flags: 'i' }
}

export const steps = {
  css: (css: string, { hasText }: { hasText?: string | RegExp } = {}): Step => ({
    by: 'css',
    css,
    hasText: hasText === undefined ? undefined : pattern(hasText),
  }),
  role: (role: Role, { name, exact, pressed }: RoleOptions = {}): Step => ({
    by: 'role',
    css: roles[role],
    name: name === undefined ? undefined : pattern(name, exact),
    pressed,
  }),
  text: (text: string | RegExp, { exact }: { exact?: boolean } = {}): Step => ({
    by: 'text',
    text: pattern(text, exact),
  }),
  first: { by: 'first' } as Step,
}

/**
 * The elements at the end of the way, in the order of the document; runs in the page, and so holds all it needs.
 * What is hidden has no role, as for who uses a screen reader. Of those with a text only the innermost count.
 */
export function find(way: readonly Step[]): Element[] {
  const normal = (text: string | null) => (text ?? '').replace(/\s+/g, ' ').trim()
  const fits = ({ source, flags }: Pattern, text: string) => new RegExp(source, flags).test(text)
  /** Without what is hidden from who uses a screen reader. */
  const spoken = (element: Element) => {
    const copy = element.cloneNode(true) as Element
    for (const hidden of copy.querySelectorAll('[aria-hidden=true]')) hidden.remove()
    return copy.textContent
  }
  const nameOf = (element: Element): string => {
    const labelledBy = element.getAttribute('aria-labelledby')?.split(' ') ?? []
    const labels = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : null
    const texts = [
      labelledBy.map(id => document.getElementById(id)?.textContent ?? '').join(' '),
      element.getAttribute('aria-label'),
      [...(labels ?? [])].map(label => label.textContent).join(' '),
      spoken(element),
      element.getAttribute('title'),
    ]
    return texts.map(normal).find(text => text !== '') ?? ''
  }
  const inside = (element: ParentNode, css: string) => [...element.querySelectorAll(css)]
  let found: ParentNode[] = [document]
  for (const step of way) {
    if (step.by === 'first') {
      found = found.slice(0, 1)
      continue
    }
    const all = new Set(found.flatMap(each => inside(each, step.by === 'text' ? '*' : step.css)))
    found = [...all].filter(element => {
      if (step.by === 'css') return !step.hasText || fits(step.hasText, normal(element.textContent))
      if (step.by === 'role') {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('[aria-hidden=true]'))
          return false
        if (step.pressed !== undefined && element.getAttribute('aria-pressed') !== String(step.pressed)) return false
        return !step.name || fits(step.name, nameOf(element))
      }
      if (element.matches('script, style, head, head *')) return false
      const { text } = step
      return (
        fits(text, normal(element.textContent)) &&
        ![...element.children].some(child => fits(text, normal(child.textContent)))
      )
    })
  }
  return found.filter(each => each instanceof Element)
}
