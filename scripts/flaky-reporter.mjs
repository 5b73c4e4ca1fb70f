/** Names the browser tests that passed at the second attempt only: each is a defect to look for, in the test or in Parley. */
export default class FlakyReporter {
  onTestRunEnd(modules) {
    const flaky = modules.flatMap(module => [...module.children.allTests()].filter(test => test.diagnostic()?.flaky))
    if (flaky.length === 0) return
    console.log('\n Passed at the second attempt only:')
    for (const test of flaky) console.log(`  ${test.module.relativeModuleId} > ${test.fullName}`)
  }
}
