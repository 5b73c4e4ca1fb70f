import { createHash } from 'node:crypto'

/** The page's only style sheet, inline and allowed by its hash, so that the page needs no second request. */
export const style = `
:root { color-scheme: light dark; --ground: #faf9f7; --card: #fff; --line: #e4e0d9; --ink: #1d1b18; --soft: #6b655c;
  --accent: #0b7a75; --on-accent: #fff; --code: #f1eee8 }
@media (prefers-color-scheme: dark) { :root { --ground: #161513; --card: #201e1b; --line: #38342f; --ink: #f3f0ea;
  --soft: #a8a196; --accent: #4cc4bd; --on-accent: #0b2423; --code: #2b2824 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
main, header { max-width: 44rem; margin: 0 auto; padding: 0 1.25rem }
header { display: flex; justify-content: space-between; align-items: center; padding-block: 1rem }
header b { letter-spacing: -0.02em; font-size: 1.15rem }
a { color: var(--accent) }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 0.4rem }
header a { padding: 0.6rem 0.25rem }
h1 { font-size: clamp(1.7rem, 6vw, 2.4rem); line-height: 1.2; letter-spacing: -0.02em; margin: 1.5rem 0 0.75rem }
h2 { font-size: 0.85rem; color: var(--soft); font-weight: 600; margin: 2rem 0 0.6rem }
p { margin: 0 0 1rem; text-wrap: pretty }
.soft { color: var(--soft); font-size: 0.92rem }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: center; margin: 1.5rem 0 }
.button { display: inline-flex; align-items: center; min-height: 3rem; padding: 0 1.4rem; border-radius: 0.8rem;
  background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none }
.print { background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; padding: 1rem 1.1rem }
.print p { margin: 0.5rem 0 0 }
.print code { background: none; padding: 0; overflow-wrap: anywhere; font-size: 0.85rem }
code { background: var(--code); border-radius: 0.35rem; padding: 0.1em 0.35em; font: 0.88em/1.5 ui-monospace, Menlo,
  Consolas, monospace; overflow-wrap: anywhere }
details { background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; margin: 0.6rem 0 }
summary { cursor: pointer; padding: 0.8rem 1.1rem; font-weight: 600; min-height: 3rem }
ol { margin: 0; padding: 0 1.25rem 1rem 2.6rem }
li { margin: 0.35rem 0 }
li::marker { color: var(--soft) }
footer { margin: 2.5rem 0 3rem }
`

const styleHash = createHash('sha256').update(style).digest('base64')

export const trustPagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
