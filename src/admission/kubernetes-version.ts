/** Of an API server: 1.36 is `{ major: 1, minor: 36 }`. */
export interface KubernetesVersion {
  readonly major: number
  readonly minor: number
}

/** Reads `1.36`, and `v1.31.4-eks-a1b2` as a server's `gitVersion` has it. */
export function parseKubernetesVersion(text: string): KubernetesVersion | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:[.+-]|$)/.exec(text)
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined
}

/**
 * Whether a pod may have a variable whose name begins with a digit: RelaxedEnvironmentVariableValidation,
 * on since 1.32. An older server refuses the pod.
 */
export function takesLeadingDigits({ major, minor }: KubernetesVersion): boolean {
  return major > 1 || minor >= 32
}
