import { RrType } from './rr-type.ts'

/**
 * A field of record data:
 * - `u8`, `u16`, `u32`: numbers; `period` is a u32 of seconds that zone files write `1h` too, `time` a u32 of seconds since
 *   1970 (RFC 4034 §3.2), `type` a u16 that names a record type;
 * - `ipv4`, `ipv6`: addresses;
 * - `name`: a name that others may compress; `plainName`: one that nobody may;
 * - `string`: a length byte and as many bytes; `strings`: one or more of them, to the end; `tag`: one of letters and digits;
 * - `hex`, `base64`, `text`: all bytes to the end, by their form in zone files; `bytes`: the same, without such a form.
 */
export type RdataField =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'period'
  | 'time'
  | 'type'
  | 'ipv4'
  | 'ipv6'
  | 'name'
  | 'plainName'
  | 'string'
  | 'strings'
  | 'tag'
  | 'hex'
  | 'base64'
  | 'text'
  | 'bytes'

/** The bytes of fields whose size is fixed. */
export const fixedFieldBytes: Readonly<Partial<Record<RdataField, number>>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  period: 4,
  time: 4,
  type: 2,
  ipv4: 4,
  ipv6: 16,
}

/**
 * What the data of a record is made of, by type. Names that RFC 3597 §4 lets receivers meet compressed are `name`;
 * DNAME and KX are with them, because servers in use compress these too. A type that is not here is opaque.
 */
const shapes: ReadonlyMap<number, readonly RdataField[]> = new Map<number, readonly RdataField[]>([
  [RrType.a, ['ipv4']],
  [RrType.ns, ['name']],
  [3, ['name']],
  [4, ['name']],
  [RrType.cname, ['name']],
  [RrType.soa, ['name', 'name', 'u32', 'period', 'period', 'period', 'period']],
  [7, ['name']],
  [8, ['name']],
  [9, ['name']],
  [RrType.ptr, ['name']],
  [RrType.hinfo, ['string', 'string']],
  [14, ['name', 'name']],
  [RrType.mx, ['u16', 'name']],
  [RrType.txt, ['strings']],
  [17, ['name', 'name']],
  [18, ['u16', 'name']],
  [21, ['u16', 'name']],
  [26, ['u16', 'name', 'name']],
  [RrType.aaaa, ['ipv6']],
  [RrType.srv, ['u16', 'u16', 'u16', 'name']],
  [35, ['u16', 'u16', 'string', 'string', 'string', 'name']],
  [36, ['u16', 'name']],
  [37, ['u16', 'u16', 'u8', 'base64']],
  [RrType.dname, ['name']],
  [43, ['u16', 'u8', 'u8', 'hex']],
  [44, ['u8', 'u8', 'hex']],
  [RrType.rrsig, ['type', 'u8', 'u8', 'u32', 'time', 'time', 'u16', 'plainName', 'base64']],
  [47, ['plainName', 'bytes']],
  [48, ['u16', 'u8', 'u8', 'base64']],
  [52, ['u8', 'u8', 'u8', 'hex']],
  [53, ['u8', 'u8', 'u8', 'hex']],
  [59, ['u16', 'u8', 'u8', 'hex']],
  [60, ['u16', 'u8', 'u8', 'base64']],
  [61, ['base64']],
  [64, ['u16', 'plainName', 'bytes']],
  [65, ['u16', 'plainName', 'bytes']],
  [99, ['strings']],
  [256, ['u16', 'u16', 'text']],
  [257, ['u8', 'tag', 'text']],
])

const opaque: readonly RdataField[] = ['bytes']

export function rdataShape(type: number): readonly RdataField[] {
  return shapes.get(type) ?? opaque
}
