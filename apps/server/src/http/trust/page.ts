import { html, raw } from 'hono/html'
import type { Authority } from '../../certificates/source.ts'
import { type Language, languages, type Platform, platforms } from './platform.ts'
import { style } from './style.ts'
import { type Instructions, texts } from './texts.ts'

export interface TrustPage {
  readonly language: Language
  /** What the visitor seems to use; undefined: show all instructions, collapsed. */
  readonly platform: Platform | undefined
  readonly authority: Authority | undefined
  /** Where Parley itself is, `https://…`. */
  readonly appUrl: string
}

/** The page that explains how to trust the local authority, on this device first. No scripts, no other requests. */
export function trustPage({ language, platform, authority, appUrl }: TrustPage) {
  const words = texts[language]
  const other = languages.find(candidate => candidate !== language) ?? language
  const body = authority
    ? html`<h1>${words.title}</h1>
        <p>${words.lead}</p>
        ${downloads(language, platform)}
        <section class="print">
          <strong>${words.fingerprint}</strong>
          <p><code>${raw(authority.fingerprint.replaceAll(':', ':<wbr>'))}</code></p>
          <p class="soft">${marked(words.compare)}</p>
        </section>
        ${sections(language, platform)}
        <footer>
          <p class="soft">${authority.permitted ? words.caution : words.cautionUnlimited} ${words.undo}</p>
          <a class="button" href="${appUrl}">${words.open}</a>
        </footer>`
    : html`<h1>${words.notNeededTitle}</h1>
        <p>${words.notNeeded}</p>
        <p><a class="button" href="${appUrl}">Parley</a></p>`

  return html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-Hans' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${authority ? words.title : words.notNeededTitle} · Parley</title>
        <style>${raw(style)}</style>
      </head>
      <body>
        <header>
          <b>Parley</b>
          <a href="?lang=${other}" hreflang="${other}" lang="${other}">${words.other}</a>
        </header>
        <main>${body}</main>
      </body>
    </html> `
}

function downloads(language: Language, platform: Platform | undefined) {
  const words = texts[language]
  const certificate = html`<a class="button" href="/ca.crt" download="parley-ca.crt">${words.download}</a>`
  const profile = html`<a class="button" href="/parley.mobileconfig">${words.profile}</a>`
  return html`<div class="actions">
    ${platform === 'ios' ? profile : certificate}
    ${platform === 'ios' || platform === 'android' ? '' : html`<a href="/ca.pem" download="parley-ca.pem">${words.pem}</a>`}
    ${platform === undefined ? html`<a href="/parley.mobileconfig">iOS: ${words.profile}</a>` : ''}
  </div>`
}

function sections(language: Language, platform: Platform | undefined) {
  const { instructions, yours, others } = texts[language]
  const rest = platforms.filter(candidate => candidate !== platform)
  return html`${platform ? html`<h2>${yours}</h2>${section(instructions[platform], true)}` : ''}
    <h2>${others}</h2>
    ${rest.map(candidate => section(instructions[candidate], false))}`
}

function section({ title, steps }: Instructions, open: boolean) {
  return html`<details ${open ? raw('open') : ''}>
    <summary>${title}</summary>
    <ol>
      ${steps.map(step => html`<li>${marked(step)}</li>`)}
    </ol>
  </details>`
}

/** `code` and *buttons* as elements; everything else as text. */
function marked(text: string) {
  return text.split(/(`[^`]*`|\*[^*]*\*)/).map(part => {
    if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`
    if (part.startsWith('*')) return html`<strong>${part.slice(1, -1)}</strong>`
    return part
  })
}
