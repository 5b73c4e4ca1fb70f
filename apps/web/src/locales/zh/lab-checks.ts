import type en from '../en/lab-checks.ts'
import type { Translation } from '../translation.ts'

export default {
  idle: '点击“运行”，大约需要一分钟。不会录制，也不会打开你未曾授权的摄像头。',
  running: '正在进行：{{check}}…',
  failed: '检查中断：{{error}}',
  stopped: '已停止。目前为止的结果见下方。',
  timedOut: '检查没有在限定时间内完成。',
  which: '检查哪些项目',
  'which.hint': '本页的链接会带上这些选择。',
  'check.devices': '有没有摄像头和麦克风？能否打开？',
  'check.trickle': 'STUN 和 TURN 服务器有没有回应？',
  'check.nat': '浏览器与互联网之间隔着什么？',
  'check.call-test': '经由本服务器的通话能否成功？质量如何？',
  'check.data-channel': '数据能否通过对等连接？',
  seconds: '每次通话的时长',
  'seconds.value': '{{seconds}} 秒',
  open: '打开“{{page}}”页面',
  'open.short': '查看详情',

  whole: '总体',
  'finding.nothing.unknown': '没有查出任何结果。',
  'remedy.nothing.unknown': '请至少选择一项检查，并确认可以连接服务器。',
  'finding.overall.pass': '一切正常：从此浏览器可以通话。',
  'finding.overall.warn': '从此浏览器应当可以通话，但有些问题。',
  'remedy.overall.warn': '下方标出的项目说明了该怎么做。',
  'finding.overall.fail': '有问题妨碍正常通话。',
  'remedy.overall.fail': '下方标出的项目说明了该怎么做。可复制此报告发给帮助你的人。',
  'finding.overall.unknown': '从此浏览器应当可以通话。有些情况从这里无法判断。',
  'finding.overall.cancelled': '检查已停止。',
  'finding.not-made.unknown': '这些检查未能进行：{{checks}}。',
  'remedy.not-made.unknown': '证据中写有原因。',
} satisfies Translation<typeof en>
