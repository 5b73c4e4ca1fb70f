/** The look of the buttons at the right of the header. */
export const badgeClass =
  'flex h-11 min-w-11 items-center justify-center gap-1.5 rounded-lg px-2.5 text-sm font-medium text-ink-soft hover:bg-hover'
