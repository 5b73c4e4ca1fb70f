const split = (words: string): readonly string[] => words.trim().split(/\s+/)

/** Short, friendly words that are easy to say and to spell. */
export const adjectives = split(`
  able airy amber apt aqua bold brave brief bright brisk calm candid civil clear clever cosy crisp curious daring deft
  early eager easy even fair fancy fast fine fleet fond frank free fresh gentle glad golden good grand great happy hardy
  hazel high honest humble ideal ivory jade jolly keen kind late lemon light lively loyal lucid lucky lunar magic major
  mellow merry mild mint misty modest neat nice nimble noble novel olive open orange pearl plain polar prime proud pure
  quick quiet rapid rare ready rich rosy round royal ruby sandy serene sharp shiny silent silver simple sincere sleek
  smart smooth snowy soft solar solid spry steady still sunny super sure sweet swift teal tidy tiny true trusty upbeat
  velvet vivid warm wide wild wise witty young zesty
`)

export const nouns = split(`
  acorn alder apple ash aspen badger bamboo basil beaver beech birch bison breeze brook canyon cedar cherry cliff cloud
  clover comet coral cove crane creek cricket dahlia daisy dawn delta dove dune eagle elm ember falcon fern field finch
  fir fjord forest fox garden geyser ginger glacier grove gull harbor hare hawk hazel heron hill holly ibis iris island
  ivy jasper juniper kestrel kiwi koala lagoon lake lark laurel leaf lily linden lotus lynx maple marlin marsh meadow
  melon meteor mint moon moss moth mountain nebula newt oak oasis ocean olive orbit orchid osprey otter owl panda peach
  pear pebble pelican petal pine planet plum pond poppy prairie quail quartz rabbit rain raven reed reef ridge river
  robin rose sage salmon seal shell sky snow sparrow spruce star stone stork stream sun swan thyme tiger trail tulip
  turtle valley violet walnut wave whale willow wind wolf wren zebra
`)

/** A number from 0 up to, not including, `bound`; each equally likely. */
export type Random = (bound: number) => number

/** Uses the browser's cryptographic generator, and rejection sampling to avoid the bias of a plain remainder. */
export const cryptoRandom: Random = bound => {
  const limit = Math.floor(2 ** 32 / bound) * bound
  const cell = new Uint32Array(1)
  for (;;) {
    const value = crypto.getRandomValues(cell)[0] ?? limit
    if (value < limit) return value % bound
  }
}

/** A name that can be read out over the phone, like “calm-otter-42”; over a million of them. */
export function makeRoomName(random: Random = cryptoRandom): string {
  const pick = (words: readonly string[]) => words[random(words.length)]
  return `${pick(adjectives)}-${pick(nouns)}-${10 + random(90)}`
}
