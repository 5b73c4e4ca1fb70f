import type { Translation } from '@parley/ui/page'
import type en from '../en/calls.ts'

export default {
  isCalling: '{{name}} 来电',
  videoCall: '视频通话',
  audioCall: '语音通话',
  accept: '接听',
  acceptAudio: '仅语音接听',
  decline: '拒绝',
  declineMessage: '拒绝并留言',
  messageTo: '给 {{name}} 留言',
  ownMessage: '自己写一句',
  declineAndSend: '拒绝并发送',
  'preset.later': '我稍后打给你',
  'preset.meeting': '我正在开会',
  'preset.text': '现在不方便接听，请发消息',

  ringing: '正在呼叫…',
  connecting: '正在接通…',
  cancelCall: '取消呼叫',
  hangUp: '挂断',

  'over.rejected': '{{name}} 拒绝了通话',
  'over.busy': '{{name}} 正在通话中',
  'over.cancelled': '已取消呼叫',
  'over.no-answer': '{{name}} 无人接听',
  'over.hung-up': '通话已结束',
  'over.session-closed': '您与服务器的连接已结束',
  'over.peer-lost': '与 {{name}} 的连接已中断',
  lasted: '通话时长 {{time}}',
  callAgain: '再次呼叫',

  missed: '未接来电：{{name}}',
  callBack: '回拨',
  'failed.not-online': '{{name}} 已不在线',
  'failed.call-self': '不能呼叫自己',
  'failed.call-in-progress': '你正在通话中，请先结束当前通话',
  'failed.not-allowed': '你的邀请不允许发起通话',
  'failed.token-expired': '邀请链接已过期，请索取新的链接。',
  'failed.rate-limited': '呼叫过于频繁，请稍候',
  'failed.generic': '呼叫 {{name}} 失败，请重试',

  'none.title': '此通话不在这里进行',
  'none.hint': '它可能已经结束，或已在其他标签页或设备上接听。',

  notifyMe: '来电时通知我',
  notifyOn: '页面在后台时，来电会通知你',
} satisfies Translation<typeof en>
