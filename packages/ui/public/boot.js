// Runs before the first paint, so that nobody sees the wrong theme flash by. The app keeps both attributes afterwards.
try {
  const settings = JSON.parse(localStorage.getItem('parley.settings') ?? '{}')
  if (settings.theme === 'light' || settings.theme === 'dark') document.documentElement.dataset.theme = settings.theme
  if (settings.language === 'zh') document.documentElement.lang = 'zh-CN'
} catch {
  // No storage, or not ours: the system's theme will do.
}
