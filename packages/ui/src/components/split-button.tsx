import type { ReactNode } from 'react'

/**
 * Joins a toggle and the button that opens its device menu into one shape; they stay two controls with two names.
 *
 * @example
 * <SplitButton label={t('microphone')}>
 *   <ToggleButton className={splitStart} … />
 *   <Menu trigger={<IconButton className={splitEnd} icon={<ChevronUp />} label={t('chooseMicrophone')} />}>…</Menu>
 * </SplitButton>
 */
export function SplitButton({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; these are two buttons
    <div role="group" aria-label={label} className="inline-flex gap-px">
      {children}
    </div>
  )
}

/** For the toggle in a {@link SplitButton}. */
export const splitStart = 'rounded-r-none'
/** For the menu's button in a {@link SplitButton}. */
export const splitEnd = 'rounded-l-none'
