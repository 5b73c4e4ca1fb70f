/** The meeting's code: fetched while one looks at oneself or it rings, so that nobody waits for it afterwards. */
export const loadMeeting = () => import('./meeting/meeting.tsx')
