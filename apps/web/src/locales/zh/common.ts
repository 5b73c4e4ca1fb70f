import type en from '../en/common.ts'
import type { Translation } from '../translation.ts'

export default {
  appName: 'Parley',
  close: '关闭',
  cancel: '取消',
  back: '返回',
  copy: '复制',
  copied: '已复制',
  copyLink: '复制链接',
  linkCopied: '链接已复制',
  share: '分享',
  undo: '撤销',
  remove: '移除',
  retryNow: '立即重试',
  tryAgain: '重试',
  home: '首页',
  backHome: '返回首页',
  you: '你',
  notifications: '通知',
  settings: '设置',

  'device.microphone': '麦克风',
  'device.camera': '摄像头',
  'device.speaker': '扬声器',
  'device.default': '系统默认',
  'device.muteMicrophone': '静音',
  'device.unmuteMicrophone': '取消静音',
  'device.turnCameraOff': '关闭摄像头',
  'device.turnCameraOn': '打开摄像头',
  'device.replaced.microphone': '“{{lost}}”已拔出',
  'device.replaced.camera': '“{{lost}}”已拔出',
  'device.replaced.speaker': '“{{lost}}”已拔出，声音改由默认扬声器播放',
  'device.nowUsing': '正在使用“{{found}}”',
  'device.returned': '已切换回“{{found}}”',

  'theme.label': '主题',
  'theme.system': '跟随系统',
  'theme.light': '浅色',
  'theme.dark': '深色',
  'language.label': '语言',
  appearance: '外观与语言',

  'connection.reconnecting': '连接已断开，正在重新连接…',
  'connection.retryIn_other': '连接已断开，{{count}} 秒后重试',

  'update.title': '新版本已就绪',
  'update.reload': '重新加载',

  'error.crashed': '页面出错了',
  'error.crashedHint': '重新加载页面通常可以解决。',
  'error.reload': '重新加载页面',
} satisfies Translation<typeof en>
