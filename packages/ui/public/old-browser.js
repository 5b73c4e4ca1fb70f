// For browsers that cannot run the app, which would show a blank page: in the language of those from 2010.
;(() => {
  function tell() {
    var words = document.getElementById('old-browser')
    if (words && document.getElementById('root').childNodes.length === 0) words.hidden = false
  }
  document.addEventListener('DOMContentLoaded', () => {
    if (!('noModule' in document.createElement('script'))) tell()
  })
  // A language that is newer than the browser: the app does not parse.
  window.addEventListener('error', event => {
    if (/SyntaxError/i.test(event.message || '')) tell()
  })
})()
