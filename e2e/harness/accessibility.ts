import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations']

/** What axe finds on a page, once what moves in has arrived; what pulses for ever is judged as it is. */
export async function accessibilityViolations(page: Page): Promise<Violations> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
      .every(({ playState }) => playState !== 'running'),
  )
  // A style sheet whose rules cannot be read at that moment would be fetched by axe and put into an inline style, which our
  // Content Security Policy stops. Only `css-orientation-lock` reads style sheets, which is experimental and does not run.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ preload: { assets: ['media'] } })
    .analyze()
  return violations
}

/** One of them as a sentence. */
export const asSentence = ({ id, nodes }: Violations[number]): string =>
  `${id}: ${nodes.map(node => node.html).join(' ')}`
