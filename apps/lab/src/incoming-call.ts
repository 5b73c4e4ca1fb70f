import type { CallHandle } from '@parley/client'
import { onIncomingCall, ring, toast } from '@parley/ui/page'
import i18next from 'i18next'

/** Rings when somebody is called while in the Lab, and takes them to the meeting to answer. */
export function announceCalls(): void {
  onIncomingCall(handle => {
    if (isRinging(handle)) announce(handle)
  })
}

const isRinging = ({ call, answeredElsewhere }: CallHandle) => call.state.status === 'ringing' && !answeredElsewhere

function announce(handle: CallHandle): void {
  const { id, caller, media } = handle.call
  const title = i18next.t('labShell:call.incoming', { name: caller.name })
  const closeToast = toast({
    id: `call-${id}`,
    title,
    action: { label: i18next.t('labShell:call.answer'), onSelect: () => location.assign('/') },
    timeoutMs: 0,
  })
  const silence = ring(title, i18next.t(`labShell:call.${media}`), undefined)
  const look = () => {
    if (isRinging(handle)) return
    for (const stop of stops) stop()
    silence()
    closeToast()
  }
  const stops = [handle.on('changed', look), handle.on('accepted', look), handle.on('ended', look)]
}
