/**
 * The shape a translation must have: the same keys as the English one. Plurals: English has `…_one` and `…_other`,
 * Chinese only `…_other`.
 */
export type Translation<English> = {
  readonly [Key in keyof English as Key extends `${string}_one` ? never : Key]: string
}
