import { openElement } from './element.ts'
import type { OpenFrames } from './frame-loop.ts'
import { openInsertable } from './insertable.ts'

/** The best way that this browser has. */
export const openFrames: OpenFrames = (source, paint) => openInsertable(source, paint) ?? openElement(source, paint)
