/** The number of the serving thread that does the work for a name that is shared, by the name's hash. */
export function ownerOf(nameHash: number, threads: number): number {
  return (nameHash >>> 0) % threads
}
