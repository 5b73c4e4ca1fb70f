export default {
  title: 'Whiteboard',
  open: 'Whiteboard',
  openNews: 'Whiteboard, with something new',
  close: 'Close whiteboard',
  moreNews: 'More, with something new on the whiteboard',
  show: 'Show',

  loading: 'Fetching the whiteboard…',
  reading: 'Reading what is on it…',
  waiting: 'Waiting for the connection…',
  failed: 'The whiteboard could not be fetched',
  failedHint: 'Check your connection and try again. What others have drawn is safe.',
  broken: 'The whiteboard has stopped working',
  brokenHint: 'Open it again: everything that was drawn is still there.',
  retry: 'Try again',

  layout: 'Place of the whiteboard',
  'layout.split': 'Beside the pictures',
  'layout.full': 'In place of the pictures',
  'layout.floating': 'Floating above the pictures',
  move: 'Drag to move the whiteboard',

  save: 'Save as a picture',
  'save.png': 'PNG picture',
  'save.svg': 'SVG drawing',
  saved: 'The whiteboard was saved',
  saveFailed: 'The whiteboard could not be saved',
  nothingToSave: 'There is nothing on the whiteboard yet',

  about: 'About this whiteboard',
  'about.shared': 'Everybody in this meeting sees it and can draw on it. Whoever comes later sees all of it.',
  'about.kept':
    'The server keeps it for {{minutes}} minutes after the last person has left, so that it survives a reload. Save it as a picture if you want to keep it.',
  'about.plain': 'It is encrypted on the way to the server. The server itself could read it.',
  'about.encrypted':
    'It is encrypted in each browser with the key that is in the link to this meeting. The server keeps what it cannot read: it sees how many things there are, how large they are and when they change.',

  unsent_one: '{{count}} change not sent yet',
  unsent_other: '{{count}} changes not sent yet',
  full: 'The whiteboard is full',
  fullHint: 'Delete something, large pictures first. What you have drawn meanwhile is kept here and sent then.',
  readOnly: 'You can look, and not draw',
  readOnlyHint: 'The token that you came with does not allow writing in this meeting.',
  refused: 'Something you drew could not be shared',
  unreadable: 'Some of the whiteboard cannot be read',
  unreadableHint:
    'It was drawn by somebody who came by another link than you. Only who has the whole link to this meeting can read it.',
  tooLarge: 'This is too large to be shared',
  tooLargeHint: 'Others do not see it. Draw it in several strokes.',
  pictureNotShared: 'This picture could not be shared',
  pictureNotSharedHint: 'Others do not see it. Use a PNG, JPEG or WebP picture.',
  notAPicture: 'Only pictures can be dropped on the whiteboard',

  opened: '{{name}} opened the whiteboard',
  drew: '{{name}} drew on the whiteboard',
}
