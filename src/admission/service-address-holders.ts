import { canonicalIp } from '../lib/ip.ts'

/**
 * Who has which address: Services by what they say, and IPAddress objects by what they belong to. The two come by different ways
 * and go at different times, so an address is free only when neither has it.
 */
export class AddressHolders {
  /** Told of each holder that an address gets or loses. */
  onChange: (address: string, holder: string, step: 'restore' | 'release') => void = () => {}
  readonly #services = new Map<string, readonly string[]>()
  /** The Service of each IPAddress. */
  readonly #addresses = new Map<string, string>()
  /** The IPAddress objects of each Service. */
  readonly #ofService = new Map<string, Set<string>>()
  /** By canonical address: `service default/web`, `IPAddress default/web`. */
  readonly #holders = new Map<string, Set<string>>()

  setService(key: string, written: readonly string[]): void {
    const addresses = written.map(text => canonicalIp(text) ?? text)
    const before = this.#services.get(key) ?? []
    for (const address of before)
      if (!addresses.includes(address)) this.#drop(address, `service ${key}`)
    for (const address of addresses)
      if (!before.includes(address)) this.#add(address, `service ${key}`)
    this.#services.set(key, addresses)
  }

  deleteService(key: string): void {
    this.setService(key, [])
    this.#services.delete(key)
  }

  setAddress(name: string, key: string): void {
    const before = this.#addresses.get(name)
    if (before === key) return
    if (before !== undefined) this.deleteAddress(name)
    this.#addresses.set(name, key)
    this.#ofService.set(key, (this.#ofService.get(key) ?? new Set()).add(name))
    this.#add(name, `IPAddress ${key}`)
  }

  deleteAddress(name: string): void {
    const key = this.#addresses.get(name)
    if (key === undefined) return
    this.#addresses.delete(name)
    const names = this.#ofService.get(key)!
    names.delete(name)
    if (names.size === 0) this.#ofService.delete(key)
    this.#drop(name, `IPAddress ${key}`)
  }

  hasService(key: string): boolean {
    return this.#services.has(key)
  }

  hasKey(key: string): boolean {
    return this.#services.has(key) || this.#ofService.has(key)
  }

  keysOf(address: string): ReadonlySet<string> {
    const holders = [...(this.#holders.get(address) ?? [])]
    return new Set(holders.map(holder => holder.slice(holder.indexOf(' ') + 1)))
  }

  *entries(): Generator<[address: string, holder: string]> {
    for (const [address, holders] of this.#holders)
      for (const holder of holders) yield [address, holder]
  }

  #add(address: string, holder: string): void {
    this.#holders.set(address, (this.#holders.get(address) ?? new Set()).add(holder))
    this.onChange(address, holder, 'restore')
  }

  #drop(address: string, holder: string): void {
    const holders = this.#holders.get(address)
    holders?.delete(holder)
    if (holders?.size === 0) this.#holders.delete(address)
    this.onChange(address, holder, 'release')
  }
}
