import { z } from 'zod'

type Schema = z.core.JSONSchema.BaseSchema

/** Gives schemas a name, so that they are linked to instead of being repeated. */
export function nameSchemas(named: Readonly<Record<string, z.ZodType>>): void {
  for (const [id, schema] of Object.entries(named)) {
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id })
  }
}

/** Describes a zod schema in Markdown: a table of its fields, or a sentence. */
export function describeSchema(schema: z.ZodType): string {
  const { $ref, $defs, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  const root = $ref ? ($defs?.[nameOf($ref)] ?? {}) : rest
  if (root.properties) return Object.keys(root.properties).length > 0 ? fieldTable(root) : 'No fields.'
  if (root.oneOf) return root.oneOf.map(variantText).join('\n\n')
  return `${typeText(root)}.${note(root)}`
}

/** A link to the description of a named schema. */
export function linkTo(name: string): string {
  return `[${name}](#type-${name.toLowerCase()})`
}

/** The type of a field in words: a link for a named schema; an object without a name is spelt out. */
function typeText(schema: Schema): string {
  if (schema.$ref) return linkTo(nameOf(schema.$ref))
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum) return either(schema.enum.map(code))
  if (schema.anyOf ?? schema.oneOf) return either((schema.anyOf ?? schema.oneOf ?? []).map(typeText))
  if (schema.type === 'array' && isSchema(schema.items)) return `list of ${typeText(schema.items)}${bounds(schema)}`
  if (schema.type === 'object') return objectText(schema)
  return `${schema.type ?? 'anything'}${bounds(schema)}`
}

function fieldTable({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, field]) => {
    if (!isSchema(field)) return ''
    const preset = field.default === undefined ? [] : [`Default ${code(field.default)}.`]
    const words = [field.description ?? [], preset].flat().join(' ')
    return `| \`${name}\`${required.includes(name) ? '' : '?'} | ${typeText(field)} | ${words} |`
  })
  return ['| Field | Type | |', '|---|---|---|', ...rows].join('\n')
}

/** One of several shapes, told apart by a constant. */
function variantText(variant: Schema): string {
  const entries = Object.entries(variant.properties ?? {})
  const [name, mark] = entries.find(([, field]) => isSchema(field) && field.const !== undefined) ?? []
  const title = `**\`${name}\`: ${isSchema(mark) ? typeText(mark) : ''}**${note(variant)}`
  const others = Object.fromEntries(entries.filter(([other]) => other !== name))
  return Object.keys(others).length > 0 ? `${title}\n\n${fieldTable({ ...variant, properties: others })}` : title
}

function objectText({ properties = {}, required = [] }: Schema): string {
  const fields = Object.entries(properties).map(([name, field]) =>
    isSchema(field) ? `\`${name}\`${required.includes(name) ? '' : '?'}: ${typeText(field)}` : '',
  )
  return `{ ${fields.join('; ')} }`
}

function bounds({ type, minimum, maximum, minLength, maxLength, minItems, maxItems }: Schema): string {
  if (type === 'string') return range(minLength === 0 ? undefined : minLength, maxLength, ' characters')
  if (type === 'array') return range(minItems, maxItems, '')
  const from = minimum === 0 || minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum
  return range(from, maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum, '')
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  if (from === undefined && to === undefined) return ''
  if (to === undefined) return `, at least ${number(from)}${unit}`
  return from === undefined ? `, up to ${number(to)}${unit}` : `, ${number(from)} to ${number(to)}${unit}`
}

const number = (value: number | undefined) => value?.toLocaleString('en')
const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
const note = ({ description }: Schema) => (description ? ` ${description}` : '')
const either = (words: readonly string[]) => [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' or ')
const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)

function isSchema(value: Schema | boolean | readonly unknown[] | undefined): value is Schema {
  return typeof value === 'object' && !Array.isArray(value)
}
