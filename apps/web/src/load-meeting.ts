/** The meeting's code, fetched early (in the green room, or while a call rings) so that nobody waits for it later. */
export const loadMeeting = () => import('./meeting/meeting.tsx')
