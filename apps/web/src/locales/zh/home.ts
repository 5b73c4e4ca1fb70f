import type { Translation } from '@parley/ui/page'
import type en from '../en/home.ts'

export default {
  title: '面对面，聊一聊',
  subtitle: '发个链接，马上开聊。\n无需安装，无需注册。',
  newMeeting: '新建会议',
  newEncrypted: '新建加密会议',
  or: '或',
  code: '会议号或链接',
  codeWrong: '只能使用文字、数字和“-”，例如 calm-otter-42',
  elsewhere: '此链接指向另一台服务器：{{host}}',
  join: '加入',
  open: '打开',
  joinHint: '输入有效的会议号或链接后可用',

  advanced: '高级选项',
  topology: '音视频的传输方式',
  'topology.auto': '自动',
  'topology.autoHint': '两个人时直接传输；从第三人起经服务器转发。',
  'topology.mesh': '始终直连',
  'topology.meshHint': '端到端加密。每个人都向所有人发送，适合五人以内。',
  'topology.sfu': '始终经服务器转发',
  'topology.sfuHint': '每个人只发送一次，由服务器转发。适合任意规模的会议。',
  relayOnly: '仅使用中继',
  relayOnlyHint: '其他人不会知道您的网络地址。声音和画面可能稍有延迟。',

  recent: '最近',
  removeAll: '全部移除',
  removeRoom: '从列表中移除 {{room}}',
  removed: '已移除 {{room}}',
  removedAll: '已清空最近的会议',

  callPerson: '呼叫联系人',
  online_other: '{{count}} 人在线',
  'status.available': '空闲',
  'status.in-call': '通话中',
  'status.away': '离开',
  audioCall: '语音通话',
  videoCall: '视频通话',
  callAudio: '与 {{name}} 语音通话',
  callVideo: '与 {{name}} 视频通话',

  peopleUnknown: '服务器恢复后会显示在这里',

  nobody: '暂时没有其他人在线',
  nobodyHint: '打开这个地址的人会出现在这里。',
  inviteQr: '{{link}} 的二维码',
} satisfies Translation<typeof en>
