import type en from '../en/home.ts'
import type { Translation } from '../translation.ts'

export default {
  title: '面对面，聊一聊',
  subtitle: '发个链接，马上开聊。\n无需安装，无需注册。',
  newMeeting: '新建会议',
  or: '或',
  code: '会议号或链接',
  codeWrong: '只能使用文字、数字和“-”，例如 calm-otter-42',
  elsewhere: '此链接指向另一台服务器：{{host}}',
  join: '加入',
  open: '打开',
  joinHint: '输入有效的会议号或链接后可用',

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
