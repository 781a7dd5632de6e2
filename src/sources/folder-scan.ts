import type { BigIntStats, Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { comparePaths, isFolderName, isManifestName } from './manifest-path.ts'

/** A file as the scan saw it, symbolic links followed. Equal stamps: the content is the same. */
export interface ScannedFile {
  readonly stamp: string
  readonly modifiedMs: number
}

/** One directory: its manifests, and the directories below that are not hidden. */
interface Listing {
  /** Device and inode: the directory itself, whatever its names are. */
  readonly id: string
  readonly files: ReadonlyMap<string, ScannedFile>
  /** Their ids by name. */
  readonly folders: ReadonlyMap<string, string>
  /** Entries that could not be looked at, and why. */
  readonly unreadable: ReadonlyMap<string, string>
}

/** All that is below a folder, by paths relative to it; '' is the folder itself. */
export interface FolderScan {
  readonly folders: ReadonlyMap<string, Listing>
  readonly files: ReadonlyMap<string, ScannedFile>
  /** Files and folders that may hold manifests but could not be looked at, and why. */
  readonly unreadable: ReadonlyMap<string, string>
}

export interface ScanOptions {
  /** What is not dirty is taken from here. */
  readonly previous: FolderScan | undefined
  readonly isDirty: (folder: string) => boolean
}

/** How many entries of a directory are looked at at once; more only queue for the same four threads. */
const PARALLEL_STATS = 16

/**
 * Looks at every file below `root`. Links to directories are followed, and a directory that can be
 * reached in two ways, or from within itself, is read once, under the first path in order. Throws what
 * `stat` or `readdir` throws for `root` itself.
 */
export async function scanFolder(root: string, options: ScanOptions): Promise<FolderScan> {
  const folders = new Map<string, Listing>()
  const files = new Map<string, ScannedFile>()
  const unreadable = new Map<string, string>()
  const visited = new Set<string>()
  const waiting = [{ folder: '', id: idOf(await stat(root, { bigint: true })) }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { folder, id } = next
    if (visited.has(id)) continue
    visited.add(id)
    const listing = await listOrReuse(root, next, options).catch((error: unknown) => {
      // A folder below may go away or be closed to us at any time; the root may not.
      if (folder === '') throw error
      if (!isGone(error)) unreadable.set(folder, reasonOf(error))
    })
    if (!listing) continue
    folders.set(folder, listing)
    for (const [name, file] of listing.files) files.set(below(folder, name), file)
    for (const [name, reason] of listing.unreadable) unreadable.set(below(folder, name), reason)
    const names = [...listing.folders.keys()].sort(comparePaths).reverse()
    for (const name of names)
      waiting.push({ folder: below(folder, name), id: listing.folders.get(name)! })
  }
  return { folders, files, unreadable }
}

async function listOrReuse(
  root: string,
  { folder, id }: { folder: string; id: string },
  { previous, isDirty }: ScanOptions,
): Promise<Listing> {
  const known = previous?.folders.get(folder)
  return known?.id === id && !isDirty(folder) ? known : listFolder(join(root, folder), id)
}

async function listFolder(path: string, id: string): Promise<Listing> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(mayMatter)
  const files = new Map<string, ScannedFile>()
  const folders = new Map<string, string>()
  const unreadable = new Map<string, string>()
  const look = async ({ name }: Dirent): Promise<void> => {
    try {
      const stats = await stat(join(path, name), { bigint: true })
      if (stats.isDirectory() && isFolderName(name)) folders.set(name, idOf(stats))
      else if (stats.isFile() && isManifestName(name)) files.set(name, scannedFile(stats))
    } catch (error) {
      // A link to nothing is as good as no entry: that is how a mounted ConfigMap drops a key.
      if (!isGone(error)) unreadable.set(name, reasonOf(error))
    }
  }
  for (let start = 0; start < entries.length; start += PARALLEL_STATS)
    await Promise.all(entries.slice(start, start + PARALLEL_STATS).map(look))
  return { id, files, folders, unreadable }
}

/** By the name and, where the directory tells it, the type of an entry: whether to look closer. */
function mayMatter(entry: Dirent): boolean {
  if (entry.isDirectory()) return isFolderName(entry.name)
  if (entry.isFile()) return isManifestName(entry.name)
  return isFolderName(entry.name) && !entry.isFIFO() && !entry.isSocket()
}

export function scannedFile(stats: BigIntStats): ScannedFile {
  const { size, mtimeNs, ctimeNs, mtimeMs } = stats
  return { stamp: [idOf(stats), size, mtimeNs, ctimeNs].join(' '), modifiedMs: Number(mtimeMs) }
}

/** With the time of birth, because the number of an inode is given away again at once. */
function idOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** The file or directory is not there, or no longer. */
export function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'input/output error',
  ELOOP: 'too many levels of symbolic links',
}

export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return `cannot be read: ${reasons[code] ?? message}`
}
