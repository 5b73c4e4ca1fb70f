/** One triangle that covers everything; `at` is the place in the picture, (0, 0) its top left. `flip` is -1 where the screen is drawn on. */
export const everywhere = `#version 300 es
uniform float flip;
out vec2 at;
void main() {
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  at = corner;
  vec2 clip = corner * 2.0 - 1.0;
  gl_Position = vec4(clip.x, clip.y * flip, 0, 1);
}`

const head = `#version 300 es
precision highp float;
in vec2 at;
out vec4 colour;
`

/** The new outline of the person, mixed with what was before it. */
export const maskShader = `${head}
uniform sampler2D mask;
uniform sampler2D before;
uniform float share;
void main() {
  float fresh = texture(mask, at).a;
  colour = vec4(mix(texture(before, at).r, fresh, share), 0, 0, 1);
}`

/** A small copy in which the person is left out, so that they do not shine into their surroundings; alpha says how much is there. */
export const surroundingsShader = `${head}
uniform sampler2D frame;
uniform sampler2D mask;
void main() {
  float there = 1.0 - smoothstep(0.2, 0.6, texture(mask, at).r);
  colour = vec4(texture(frame, at).rgb * there, there);
}`

/** Blurs along one direction: nine samples of a Gaussian. */
export const blurShader = `${head}
uniform sampler2D picture;
uniform vec2 along;
void main() {
  vec4 sum = texture(picture, at) * 0.2270270;
  sum += (texture(picture, at + along * 1.3846154) + texture(picture, at - along * 1.3846154)) * 0.3162162;
  sum += (texture(picture, at + along * 3.2307692) + texture(picture, at - along * 3.2307692)) * 0.0702703;
  colour = sum;
}`

/** A plain copy, for measuring the light. */
export const copyShader = `${head}
uniform sampler2D frame;
void main() {
  colour = vec4(texture(frame, at).rgb, 1);
}`

/** Everything put together: skin, light, background, colours. */
export const pictureShader = `${head}
uniform sampler2D frame;
uniform sampler2D mask;
uniform sampler2D behind;
uniform int background; // 0 none, 1 blurred, 2 a picture
uniform vec4 cover; // scale and offset of the picture
uniform vec2 texel;
uniform float smoothing;
uniform float gamma;
uniform float contrast;
uniform mat3 colours;
uniform vec3 constant;

float skin(vec3 c) {
  float y = dot(c, vec3(0.299, 0.587, 0.114));
  float cb = 0.564 * (c.b - y);
  float cr = 0.713 * (c.r - y);
  vec2 far = (vec2(cb, cr) - vec2(-0.07, 0.105)) / vec2(0.075, 0.075);
  return (1.0 - smoothstep(0.7, 1.5, length(far))) * smoothstep(0.08, 0.2, y);
}

vec3 smoothed(vec3 here) {
  float much = smoothing * skin(here);
  if (much < 0.01) return here;
  vec3 sum = here;
  float weights = 1.0;
  for (int ring = 1; ring <= 3; ring++) {
    for (int i = 0; i < 8; i++) {
      float turn = (float(i) + 0.5 * float(ring & 1)) * 0.7853982;
      vec3 there = texture(frame, at + vec2(cos(turn), sin(turn)) * texel * float(ring) * 2.2).rgb;
      vec3 far = there - here;
      float weight = exp(-dot(far, far) * 90.0);
      sum += there * weight;
      weights += weight;
    }
  }
  return mix(here, sum / weights, much);
}

vec3 lit(vec3 c) {
  return clamp((pow(c, vec3(gamma)) - 0.5) * contrast + 0.5, 0.0, 1.0);
}

void main() {
  vec3 c = texture(frame, at).rgb;
  if (smoothing > 0.0) c = smoothed(c);
  c = lit(c);
  if (background > 0) {
    vec3 back;
    if (background == 1) {
      vec4 b = texture(behind, at);
      back = b.a > 0.02 ? lit(b.rgb / b.a) : c;
    } else {
      back = texture(behind, at * cover.xy + cover.zw).rgb;
    }
    c = mix(back, c, smoothstep(0.35, 0.7, texture(mask, at).r));
  }
  colour = vec4(clamp(colours * c + constant, 0.0, 1.0), 1);
}`

/** A sticker: a turned rectangle with a picture on it. */
export const stickerPlace = `#version 300 es
uniform vec2 centre; // px, y downwards, as are the next two
uniform vec2 size;
uniform vec2 frameSize;
uniform float angle;
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  at = corner;
  vec2 p = (corner - 0.5) * size;
  p = vec2(p.x * cos(angle) - p.y * sin(angle), p.x * sin(angle) + p.y * cos(angle)) + centre;
  gl_Position = vec4(p.x / frameSize.x * 2.0 - 1.0, 1.0 - p.y / frameSize.y * 2.0, 0, 1);
}`

export const stickerShader = `${head}
uniform sampler2D picture;
void main() {
  colour = texture(picture, at);
}`
