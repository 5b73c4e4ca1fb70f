/** Two voices that meet. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <path
        d="M13 4.5a8.5 8.5 0 0 0-8.5 8.5v10.2c0 1.1 1.3 1.6 2 .8l2.6-2.5H13a8.5 8.5 0 0 0 0-17Z"
        className="fill-accent"
      />
      <path
        d="M19 10.5a8.5 8.5 0 0 1 8.5 8.5v8.2c0 1.1-1.3 1.6-2 .8l-.9-.9a1.6 1.6 0 0 0-1.2-.6H19a8.5 8.5 0 0 1-7.9-5.3H13a8.6 8.6 0 0 0 8.2-11Z"
        className="fill-accent opacity-45"
      />
    </svg>
  )
}
