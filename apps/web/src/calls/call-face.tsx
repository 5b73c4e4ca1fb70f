import { Avatar } from '@parley/ui'

export interface CallFaceProps {
  readonly name: string
  readonly identity: string
  /** Shows rings spreading outwards, like sound waves. */
  readonly ringing?: boolean
}

/** The person at the other end, large. */
export function CallFace({ name, identity, ringing = false }: CallFaceProps) {
  return (
    <div className="relative">
      {ringing && (
        <>
          <span aria-hidden="true" className="absolute inset-0 animate-ring rounded-full bg-accent" />
          <span
            aria-hidden="true"
            className="absolute inset-0 animate-ring rounded-full bg-accent [animation-delay:800ms]"
          />
        </>
      )}
      <Avatar name={name} identity={identity} size="xl" className="relative" />
    </div>
  )
}
