import { isRawObject, type RawObject } from './raw-value.ts'

/** One complaint about one field, with Kubernetes' paths and wording; a warning refuses nothing. */
export interface FieldProblem {
  /** `spec.ports[0].port`; '' for the object itself. */
  readonly field: string
  readonly message: string
  readonly severity: 'error' | 'warning'
}

/** A value together with the path that names it in a message. */
export interface FieldValue<T> {
  readonly field: string
  readonly value: T
}

/**
 * Reads the fields of an object nobody has checked, and notes every one that has another JSON type
 * than the API declares. Absent, `null` and wrongly typed fields read as empty, so that one fault is
 * one problem. All readers below one object share its list of problems.
 */
export class FieldReader {
  readonly problems: FieldProblem[]
  readonly #object: RawObject
  readonly #path: string

  private constructor(object: RawObject, path: string, problems: FieldProblem[]) {
    this.#object = object
    this.#path = path
    this.problems = problems
  }

  static of(object: RawObject): FieldReader {
    return new FieldReader(object, '', [])
  }

  /** The path of a field of this object; the object's own path for ''. */
  at(key: string): string {
    if (key === '') return this.#path
    return this.#path === '' ? key : `${this.#path}.${key}`
  }

  has(key: string): boolean {
    return this.#read(key) !== undefined
  }

  /** Present and not empty, whatever its type. */
  isSet(key: string): boolean {
    const value = this.#read(key)
    return value !== undefined && value !== '' && !(isArray(value) && value.length === 0)
  }

  keys(): readonly string[] {
    return Object.keys(this.#object)
  }

  object(key: string): FieldReader {
    return new FieldReader(
      this.#typed(key, isRawObject, 'an object') ?? {},
      this.at(key),
      this.problems,
    )
  }

  objects(key: string): readonly FieldReader[] {
    return this.#array(key).flatMap(({ field, value }) => {
      if (value === null) return new FieldReader({}, field, this.problems)
      if (isRawObject(value)) return new FieldReader(value, field, this.problems)
      this.mistyped(field, 'an object', value)
      return []
    })
  }

  /** '' when the field is absent. */
  string(key: string): string {
    return this.#typed(key, isString, 'a string') ?? ''
  }

  strings(key: string): readonly FieldValue<string>[] {
    return this.#array(key).flatMap(({ field, value }) => {
      if (isString(value)) return { field, value }
      this.mistyped(field, 'a string', value)
      return []
    })
  }

  integer(key: string): number | undefined {
    return this.#typed(key, isInteger, 'an integer')
  }

  integerOrString(key: string): number | string | undefined {
    return this.#typed(key, isIntegerOrString, 'an integer or a string')
  }

  boolean(key: string): boolean | undefined {
    return this.#typed(key, isBoolean, 'true or false')
  }

  /** Labels, annotations and selectors. A `null` value reads as '', as in Go. */
  stringMap(key: string): ReadonlyMap<string, string> {
    const map = new Map<string, string>()
    const object = this.#typed(key, isRawObject, 'an object') ?? {}
    for (const name of Object.keys(object)) {
      const value = object[name] ?? ''
      if (isString(value)) map.set(name, value)
      else this.mistyped(`${this.at(key)}[${name}]`, 'a string', value)
    }
    return map
  }

  /** Reported once, however often the field is read. */
  mistyped(field: string, expected: string, value: unknown): void {
    const message = `expected ${expected}, got ${renderValue(value)}`
    const isKnown = this.problems.some(known => known.field === field && known.message === message)
    if (!isKnown) this.#add(field, message)
  }

  required(field: string, detail = ''): void {
    this.#add(field, detail === '' ? 'Required value' : `Required value: ${detail}`)
  }

  /** One problem for each detail: none when the list is empty. */
  invalid(field: string, value: unknown, ...details: readonly string[]): void {
    for (const detail of details)
      this.#add(field, `Invalid value: ${renderValue(value)}: ${detail}`)
  }

  duplicate(field: string, value: unknown): void {
    this.#add(field, `Duplicate value: ${renderValue(value)}`)
  }

  forbidden(field: string, detail: string): void {
    this.#add(field, `Forbidden: ${detail}`)
  }

  tooMany(field: string, count: number, most: number): void {
    this.#add(field, `Too many: ${count}: must have at most ${most} items`)
  }

  /** Checks a value against the closed list of the API; '' stands for the default. */
  oneOf(key: string, supported: readonly string[]): string {
    const value = this.string(key)
    if (value !== '' && !supported.includes(value)) this.unsupported(this.at(key), value, supported)
    return value
  }

  unsupported(field: string, value: string, supported: readonly string[]): void {
    const list = supported.map(renderValue).join(', ')
    this.#add(field, `Unsupported value: ${renderValue(value)}: supported values: ${list}`)
  }

  warn(field: string, message: string): void {
    this.problems.push({ field, message, severity: 'warning' })
  }

  #add(field: string, message: string): void {
    this.problems.push({ field, message, severity: 'error' })
  }

  #read(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? (this.#object[key] ?? undefined) : undefined
  }

  #typed<T>(key: string, isType: (value: unknown) => value is T, expected: string): T | undefined {
    const value = this.#read(key)
    if (value === undefined || isType(value)) return value
    this.mistyped(this.at(key), expected, value)
    return undefined
  }

  #array(key: string): readonly FieldValue<unknown>[] {
    const array = this.#typed(key, isArray, 'a list') ?? []
    return array.map((value, position) => ({ field: `${this.at(key)}[${position}]`, value }))
  }
}

/** Long enough for any name, short enough for one line of a log. */
const MAX_VALUE_LENGTH = 300

/** A value as a message shows it: JSON, cut when it is long. */
function renderValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isIntegerOrString(value: unknown): value is number | string {
  return isInteger(value) || isString(value)
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}
