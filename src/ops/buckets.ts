/* Upper bounds of histograms: CoreDNS's, because dashboards count on them. */

/** 0.25 ms to 8.192 s, each twice the one before. */
export const secondsBuckets: readonly number[] = Array.from(
  { length: 16 },
  (_, n) => 0.00025 * 2 ** n,
)

export const slimSecondsBuckets: readonly number[] = [0.00025, 0.0025, 0.025, 0.25, 2.5]

/** The usual ones of Prometheus' client for Go. */
export const requestBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** 1 ms to 524 s. */
export const programmingBuckets: readonly number[] = Array.from(
  { length: 20 },
  (_, n) => 0.001 * 2 ** n,
)

export const sizeBuckets: readonly number[] = [
  0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16e3, 32e3, 48e3, 64e3,
]
