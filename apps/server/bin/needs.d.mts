export function missingNeed(version?: string, files?: number): string | undefined
