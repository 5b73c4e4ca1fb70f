export default {
  idle: 'Press Run. This browser calls itself through the server, with a picture and a sound it makes itself: your camera and microphone stay off.',
  failed: 'The test broke off: {{error}}',
  stopped: 'Stopped. Nothing is concluded from a part.',
  timedOut: 'The test did not come to an end in time.',
  findings: 'What this means',
  about: '(about {{seconds}} s)',
  'step.signalling': 'Asking the server',
  'step.turn': 'Asking the relay over UDP, TCP and TLS',
  'step.direct': 'Calling directly',
  'step.relayed': 'Calling through the relay',
  'step.sfu': 'Calling through the server’s SFU',

  options: 'Which calls',
  'options.hint': 'Each goes from this browser to itself, in a private room of its own.',
  'kind.direct': 'Direct call',
  'kind.direct.hint': 'Media goes straight from one end to the other, as between two people.',
  'kind.relayed': 'Relayed call',
  'kind.relayed.hint': 'Media goes through TURN, as where no direct way is open (RFC 8656).',
  'kind.sfu': 'Call through the SFU',
  'kind.sfu.hint': 'Media goes to the server, which forwards it, as in larger meetings.',
  seconds: 'Length of each call',
  'seconds.value': '{{seconds}} s',

  'measure.video': 'Picture',
  'measure.audio': 'Sound',
  'measure.frames': 'Frames',
  'measure.loss': 'Packets lost',
  'measure.jitter': 'Jitter',
  'measure.roundTrip': 'Round trip',
  'measure.setUp': 'First picture after',
  'measure.route': 'Way',
  'route.direct': 'direct, {{protocol}}',
  'route.relayed': 'relayed, {{protocol}}',
  'route.server': 'to the server, {{protocol}}',
  'route.unknown': 'the browser does not say',
  noCall: 'There was no call: {{reason}}',
  notOffered: 'Not tested, since the server does not offer it: {{reason}}',

  'finding.overall.pass': 'Calls through this server work well from here.',
  'finding.overall.unknown': 'Calls through this server work well from here. What it does not offer was not tested.',
  'finding.signalling.pass': 'The server answers in {{time}}.',
  'finding.signalling.warn': 'The server answers slowly: {{time}}.',
  'remedy.signalling.warn': 'Calls take longer to begin. Is this network, or the server, very busy?',
  'finding.signalling.fail': 'The server cannot be reached: {{error}}',
  'remedy.signalling.fail': 'Check that this computer is online and the server runs; then reload the page.',
  'finding.turn-offered.warn': 'This server offers no relay (TURN). People behind strict networks cannot call.',
  'remedy.turn-offered.warn': 'Its operator can switch it on by removing “--udp-port off”.',
  'finding.turn-udp.pass': 'The relay can be reached over UDP, in {{time}}.',
  'finding.turn-udp.warn': 'The relay cannot be reached over UDP. Calls go over TCP, with more delay.',
  'remedy.turn-udp.warn': 'Ask whoever runs the network to let UDP out to the server’s STUN/TURN port (3478).',
  'finding.turn-udp.fail': 'The relay cannot be reached over UDP.',
  'remedy.turn-udp.fail': 'Ask whoever runs the network to let UDP out to the server’s STUN/TURN port (3478).',
  'finding.turn-udp.unknown': 'The server offers no relay over UDP.',
  'finding.turn-tcp.pass': 'The relay can be reached over TCP, in {{time}}.',
  'finding.turn-tcp.warn': 'The relay cannot be reached over TCP. Only networks that block UDP need it.',
  'remedy.turn-tcp.warn': 'Let TCP through to the server’s STUN/TURN port (3478).',
  'finding.turn-tcp.fail': 'The relay cannot be reached over TCP.',
  'remedy.turn-tcp.fail': 'Let TCP through to the server’s STUN/TURN port (3478).',
  'finding.turn-tcp.unknown': 'The server offers no relay over TCP.',
  'finding.turn-tls.pass': 'The relay can be reached over TLS, in {{time}}.',
  'finding.turn-tls.warn': 'The relay cannot be reached over TLS. Only the strictest networks need it.',
  'remedy.turn-tls.warn':
    'Browsers want a certificate here that they trust without asking: a clicked-through warning does not count. Trust the server’s authority, or give it a public certificate.',
  'finding.turn-tls.fail': 'The relay cannot be reached over TLS.',
  'remedy.turn-tls.fail':
    'Browsers want a certificate here that they trust without asking: a clicked-through warning does not count. Trust the server’s authority, or give it a public certificate.',
  'finding.turn-tls.unknown': 'The server offers no relay over TLS.',
  'finding.turn-udp-password.fail': 'The relay refuses the password over UDP (401).',
  'remedy.turn-udp-password.fail':
    'Reload the page for a fresh password. If it stays, the server and its relay have different secrets.',
  'finding.turn-tcp-password.fail': 'The relay refuses the password over TCP (401).',
  'remedy.turn-tcp-password.fail':
    'Reload the page for a fresh password. If it stays, the server and its relay have different secrets.',
  'finding.turn-tls-password.fail': 'The relay refuses the password over TLS (401).',
  'remedy.turn-tls-password.fail':
    'Reload the page for a fresh password. If it stays, the server and its relay have different secrets.',

  'finding.turn-udp-ended.fail': 'The relay refuses the password over UDP (401): it ended {{ago}} ago.',
  'remedy.turn-udp-ended.fail': 'Reload the page for a fresh one.',
  'finding.turn-tcp-ended.fail': 'The relay refuses the password over TCP (401): it ended {{ago}} ago.',
  'remedy.turn-tcp-ended.fail': 'Reload the page for a fresh one.',
  'finding.turn-tls-ended.fail': 'The relay refuses the password over TLS (401): it ended {{ago}} ago.',
  'remedy.turn-tls-ended.fail': 'Reload the page for a fresh one.',
  'finding.turn-tls-trust.fail':
    'The relay’s door for TLS is open, as this page came through it, but the browser does not trust its certificate. No other way to the relay is open.',
  'remedy.turn-tls-trust.fail':
    'Trust the server’s authority on this computer, or give the server a public certificate: a clicked-through warning does not count here.',
  'finding.turn-tls-trust.warn':
    'The relay cannot be used over TLS, since the browser does not trust its certificate. Only the strictest networks need it.',
  'remedy.turn-tls-trust.warn':
    'Trust the server’s authority on this computer, or give the server a public certificate: a clicked-through warning does not count here.',

  'finding.websocket-refused.warn':
    'WebSockets do not pass: something between this browser and the server refuses them. Signalling goes by polling, which is slower.',
  'remedy.websocket-refused.warn':
    'A reverse proxy has to pass the headers Upgrade and Connection on, with HTTP/1.1. Else look at extensions and company proxies.',
  'finding.websocket-unanswered.warn':
    'WebSockets do not pass: something between this browser and the server leaves them unanswered. Signalling goes by polling, which is slower.',
  'remedy.websocket-unanswered.warn':
    'A reverse proxy has to pass the headers Upgrade and Connection on, with HTTP/1.1. Else look at extensions and company proxies.',
  'finding.clock-ahead.warn': 'This computer’s clock is {{off}} ahead of the server’s.',
  'remedy.clock-ahead.warn': 'Set whichever is wrong: passwords, tokens and certificates end by the clock.',
  'finding.clock-behind.warn': 'This computer’s clock is {{off}} behind the server’s.',
  'remedy.clock-behind.warn': 'Set whichever is wrong: passwords, tokens and certificates end by the clock.',
  'finding.public-address.warn':
    'The server gives out {{address}} as its own address, but nobody answers there from here.',
  'remedy.public-address.warn':
    'Whoever runs the server should check --public-ip. In the server’s own network it may be right all the same: many routers do not lead back in.',

  'finding.call-direct.pass':
    'A direct call works well: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'finding.call-direct.warn':
    'A direct call works, but not well: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'remedy.call-direct.warn': 'This computer may be busy: close other programs, and run again.',
  'finding.call-direct.fail':
    'A direct call connects, but is bad: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'remedy.call-direct.fail': 'This computer is probably too busy: close other programs, and run again.',
  'finding.call-direct.unknown': 'A direct call connected, but the browser measured nothing.',
  'finding.call-direct-failed.warn': 'A direct call did not connect: {{reason}}',
  'remedy.call-direct-failed.warn': 'Another way works, and is used by itself.',
  'finding.call-direct-failed.fail': 'A direct call did not connect: {{reason}}',
  'remedy.call-direct-failed.fail':
    'A firewall or an extension of the browser may block WebRTC. Look at the relay’s findings below, too.',
  'finding.call-relayed.pass':
    'A relayed call works well: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'finding.call-relayed.warn':
    'A relayed call works, but not well: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'remedy.call-relayed.warn': 'The way to the server is slow or loses packets. A cable in place of Wi-Fi often helps.',
  'finding.call-relayed.fail':
    'A relayed call connects, but is bad: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'remedy.call-relayed.fail':
    'The way to the server is slow or loses packets. Try a cable in place of Wi-Fi, or another network.',
  'finding.call-relayed.unknown': 'A relayed call connected, but the browser measured nothing.',
  'finding.call-relayed-failed.warn': 'A relayed call did not connect: {{reason}}',
  'remedy.call-relayed-failed.warn':
    'Where no direct way is open, people could not call. The relay may not be allowed to send to its own addresses (--turn-allow-peer), or its ports are closed (--relay-ports).',
  'finding.call-relayed-failed.fail': 'A relayed call did not connect: {{reason}}',
  'remedy.call-relayed-failed.fail':
    'The relay may not be allowed to send to its own addresses (--turn-allow-peer), or its ports are closed (--relay-ports).',
  'finding.call-relayed-no-way.warn': 'A relayed call was not tried, since no way to the relay is open.',
  'finding.call-sfu-no-way.warn':
    'A call through the SFU did not connect: neither the media port nor the relay can be reached.',
  'finding.call-relayed-no-way.fail': 'A relayed call was not tried, since no way to the relay is open.',
  'finding.call-sfu-no-way.fail':
    'A call through the SFU did not connect: neither the media port nor the relay can be reached.',
  'finding.call-sfu.pass':
    'A call through the SFU works well: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'finding.call-sfu.warn':
    'A call through the SFU works, but not well: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'remedy.call-sfu.warn': 'The way to the server is slow or loses packets, or the server is busy.',
  'finding.call-sfu.fail':
    'A call through the SFU connects, but is bad: picture {{video}}, lost {{loss}}, jitter {{jitter}}, round trip {{roundTrip}}.',
  'remedy.call-sfu.fail': 'The way to the server is slow or loses packets, or the server is busy.',
  'finding.call-sfu.unknown': 'A call through the SFU connected, but the browser measured nothing.',
  'finding.call-direct-not-offered.unknown':
    'A direct call was not tested, since the server does not allow it here: {{reason}}',
  'finding.call-relayed-not-offered.unknown':
    'A relayed call was not tested, since the server does not offer it: {{reason}}',
  'finding.call-sfu-not-offered.unknown': 'The SFU was not tested, since the server does not offer it: {{reason}}',
  'finding.call-sfu-failed.warn': 'A call through the SFU did not connect: {{reason}}',
  'remedy.call-sfu-failed.warn':
    'Let UDP through to the server’s media port, and check its public address (--public-ip).',
  'finding.call-sfu-failed.fail': 'A call through the SFU did not connect: {{reason}}',
  'remedy.call-sfu-failed.fail':
    'Let UDP through to the server’s media port, and check its public address (--public-ip).',
}
