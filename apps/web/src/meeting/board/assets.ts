/** Where the whiteboard's fonts are on our own origin; the version is that of the library, since browsers keep them for ever. */
export const boardAssets = '/assets/excalidraw-0.18.1/'
