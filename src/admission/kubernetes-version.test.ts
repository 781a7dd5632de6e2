import t from 'tap'
import { parseKubernetesVersion, takesLeadingDigits } from './kubernetes-version.ts'

const cases = [
  ['1.36', '1.36', true],
  ['1.32', '1.32', true],
  ['v1.31.4-eks-a1b2', '1.31', false],
  ['1.27+', '1.27', false],
  ['2.0', '2.0', true],
  ['1', undefined, undefined],
  ['1.x', undefined, undefined],
  ['', undefined, undefined],
] as const

t.test('parseKubernetesVersion() and takesLeadingDigits()', async t => {
  for (const [text, expected, digits] of cases) {
    const version = parseKubernetesVersion(text)
    t.equal(version && `${version.major}.${version.minor}`, expected, text)
    t.equal(version && takesLeadingDigits(version), digits, text)
  }
})
