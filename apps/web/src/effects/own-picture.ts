const database = 'parley.effects'
const store = 'pictures'
const key = 'background'
/** As large as is ever drawn, px. */
const longestSide = 1920

/** Kept here too, for browsers that store nothing (private windows). */
let current: Blob | undefined

/** The file is not a picture that this browser can read. */
export class NotAPicture extends Error {
  override readonly name = 'NotAPicture'
}

/**
 * Takes a picture to be shown behind oneself, made small enough, and keeps it in this browser only.
 * @returns Whether it is kept beyond this visit.
 * @throws {NotAPicture}
 */
export async function keepOwnPicture(file: Blob): Promise<boolean> {
  current = await shrink(file)
  try {
    await inStore('readwrite', pictures => pictures.put(current, key))
    return true
  } catch (error) {
    console.warn('The picture cannot be kept:', error)
    return false
  }
}

/** @throws {Error} If there is none. */
export async function readOwnPicture(): Promise<ImageBitmap> {
  const blob = await ownPicture()
  if (!blob) throw new Error('There is no picture of one’s own.')
  return createImageBitmap(blob)
}

/** The picture as it was kept; undefined if there is none. */
export async function ownPicture(): Promise<Blob | undefined> {
  if (current) return current
  try {
    const kept: unknown = await inStore('readonly', pictures => pictures.get(key))
    if (kept instanceof Blob) current = kept
  } catch (error) {
    console.warn('The kept picture cannot be read:', error)
  }
  return current
}

async function shrink(file: Blob): Promise<Blob> {
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file)
  } catch (cause) {
    throw new NotAPicture('This browser cannot read the file as a picture.', { cause })
  }
  try {
    const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(picture.width * scale))
    canvas.height = Math.max(1, Math.round(picture.height * scale))
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        blob => (blob ? resolve(blob) : reject(new NotAPicture('The picture is too large.'))),
        'image/jpeg',
        0.9,
      )
    })
  } finally {
    picture.close()
  }
}

async function inStore(mode: IDBTransactionMode, use: (pictures: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open(database, 1)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(store))
  const opened = await settled(opening)
  try {
    return await settled(use(opened.transaction(store, mode).objectStore(store)))
  } finally {
    opened.close()
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed.')))
  })
}
