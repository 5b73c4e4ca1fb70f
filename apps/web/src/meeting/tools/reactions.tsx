import { useEffect, useRef } from 'react'
import { useMeeting, useView } from '../context.ts'
import type { FlyingReaction, View } from '../view.ts'

export const emojis = ['👍', '👏', '❤️', '😂', '😮', '🎉'] as const

const lifeMs = 3600
/** The most reactions shown at once; more would only hide the stage. */
const most = 24

let count = 0

export function addReaction(view: View, emoji: string, name: string): void {
  const reaction = { id: ++count, emoji, name }
  view.setState(state => ({ reactions: [...state.reactions, reaction].slice(-most) }))
}

/** Emoji rising over the stage, each with the name of who sent it. */
export function Reactions() {
  const reactions = useView(state => state.reactions)
  return (
    <div
      aria-hidden="true"
      data-testid="reactions"
      className="pointer-events-none absolute inset-0 z-10 overflow-hidden"
    >
      {reactions.map(reaction => (
        <Flying key={reaction.id} reaction={reaction} />
      ))}
    </div>
  )
}

/** Uses the Web Animations API: with reduced motion the page cuts CSS animations short, but this should still fade. */
function Flying({ reaction }: { readonly reaction: FlyingReaction }) {
  const { view } = useMeeting()
  const element = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const from = { opacity: 0, transform: still ? 'none' : 'translateY(0) scale(0.6)' }
    const shown = { opacity: 1, transform: still ? 'none' : 'translateY(-4rem) scale(1)', offset: 0.15 }
    const to = { opacity: 0, transform: still ? 'none' : 'translateY(-18rem) scale(1)' }
    const animation = element.current?.animate(
      [from, shown, { opacity: 1, transform: still ? 'none' : 'translateY(-15rem) scale(1)', offset: 0.8 }, to],
      {
        duration: lifeMs,
        easing: 'ease-out',
      },
    )
    const remove = () => {
      view.setState(state => ({ reactions: state.reactions.filter(({ id }) => id !== reaction.id) }))
    }
    if (animation) animation.onfinish = remove
    return () => animation?.cancel()
  }, [reaction, view])

  return (
    <div
      ref={element}
      style={{ left: `${6 + ((reaction.id * 37) % 60)}%` }}
      className="absolute bottom-4 flex w-max flex-col items-center gap-1 opacity-0"
    >
      <span className="text-4xl leading-none">{reaction.emoji}</span>
      <span className="max-w-32 truncate rounded-md bg-black/65 px-2 py-0.5 text-xs font-medium text-white">
        {reaction.name}
      </span>
    </div>
  )
}
