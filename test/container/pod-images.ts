import type { MountedImage } from '../../scripts/image-builder.ts'

/** Both targets of Dockerfile. */
export interface PodImages {
  readonly signpost: MountedImage
  readonly unprivileged: MountedImage
}
