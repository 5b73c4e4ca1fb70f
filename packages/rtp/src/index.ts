export * from './packet/header-rewrite.ts'
export * from './packet/rtp-packet.ts'
export * from './packet/rtx.ts'
export * from './packet/unwrap.ts'
