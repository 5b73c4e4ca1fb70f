export default {
  idle: 'Press Run. It takes about a minute; nothing is recorded, and no camera is opened that you have not allowed before.',
  running: 'Now: {{check}}…',
  failed: 'The checks broke off: {{error}}',
  stopped: 'Stopped. What was found so far stands below.',
  timedOut: 'The checks did not come to an end in time.',
  which: 'Which checks',
  'which.hint': 'The link to this page carries the choice.',
  'check.devices': 'Are there a camera and a microphone, and do they open?',
  'check.trickle': 'Do the STUN and TURN servers answer?',
  'check.nat': 'What stands between this browser and the internet?',
  'check.call-test': 'Do calls through this server work, and how well?',
  'check.data-channel': 'Does data get through a peer connection?',
  seconds: 'Length of each call',
  'seconds.value': '{{seconds}} s',
  open: 'Open the page {{page}}',
  'open.short': 'Look closer',

  whole: 'As a whole',
  'finding.nothing.unknown': 'Nothing could be found out.',
  'remedy.nothing.unknown': 'Choose at least one check, and see that the server can be reached.',
  'finding.overall.pass': 'All is well: calls from this browser should work.',
  'finding.overall.warn': 'Calls from this browser should work, but not everything is right.',
  'remedy.overall.warn': 'What is marked below says what to do.',
  'finding.overall.fail': 'Something here keeps calls from working as they should.',
  'remedy.overall.fail': 'What is marked below says what to do. Copy this report for whoever helps you.',
  'finding.overall.unknown': 'Calls from this browser should work. Not everything can be told from here.',
  'finding.overall.cancelled': 'The checks were stopped.',
  'finding.no-webrtc.fail': 'This browser cannot make calls: it has no WebRTC, or has it switched off.',
  'remedy.no-webrtc.fail':
    'Use a current Chrome, Edge, Firefox or Safari, and switch off extensions that block WebRTC.',
  'finding.old-webrtc.fail': 'This browser cannot make calls: its WebRTC lacks {{parts}}.',
  'remedy.old-webrtc.fail': 'Update it, or use a current Chrome, Edge, Firefox or Safari.',
  'finding.server-away.fail': 'The server cannot be reached, so nobody can be called.',
  'remedy.server-away.fail': 'Check that this computer is online and the server runs; then reload the page.',
  'finding.only-https.fail':
    'Only HTTPS gets through from here, and media could go the same way, over TLS; but this browser does not trust the server’s certificate.',
  'remedy.only-https.fail':
    'Trust the server’s authority on this computer, or give the server a public certificate: a clicked-through warning does not count for media. Nothing else needs to be opened.',
  'finding.password-ended.fail': 'The relay refuses this page’s password, since it has ended.',
  'remedy.password-ended.fail': 'Reload the page for a fresh one.',
  'finding.password.fail': 'The relay refuses this page’s password.',
  'remedy.password.fail':
    'Reload the page for a fresh one. If it stays, the server and its relay have different secrets.',
  'finding.server-public-address.warn':
    'The server says: a public address that it was given does not lead to it. Whoever comes from the internet may get no media.',
  'remedy.server-public-address.warn':
    'Tell the server’s operator: `parley doctor` says whether --public-ip is right and which ports to forward.',
  'finding.server-domain.warn': 'The server says: its name leads elsewhere, or nowhere.',
  'remedy.server-domain.warn': 'Tell the server’s operator: `parley doctor` says what DNS answers and what it should.',
  'finding.server-udp.warn':
    'The server says: no UDP has reached it from other machines. Calls go over TCP or TLS, and are slower.',
  'remedy.server-udp.warn':
    'Tell the server’s operator: the firewall and the security group must let UDP in; `parley doctor` names the ports.',
  'finding.server-websockets.warn':
    'The server says: WebSockets do not reach it. Signalling goes by polling, a little slower.',
  'remedy.server-websockets.warn':
    'Tell the server’s operator: the proxy before it must pass upgrades; `parley doctor` has the lines for nginx and Apache.',
  'finding.server-media-process.warn':
    'The server says: its media process has ended again and again. Relays and larger meetings break off.',
  'remedy.server-media-process.warn': 'Tell the server’s operator: `parley doctor` says how it ended and what to do.',
  'finding.server-certificate.warn': 'The server says: its certificate, or who can read its key, is not in order.',
  'remedy.server-certificate.warn': 'Tell the server’s operator: `parley doctor` says what is wrong with it.',
  'finding.server-clock.warn':
    'The server says: its clock is off. Invitations and TURN passwords end too early or too late.',
  'remedy.server-clock.warn': 'Tell the server’s operator to keep its clock set with NTP.',
  'finding.not-made.unknown': 'These checks could not be made: {{checks}}.',
  'remedy.not-made.unknown': 'The evidence says why.',
}
