import { ValidateBy, type ValidationOptions } from 'class-validator';

const QUOTES = /^["'\s]|["'\s]$/;
const SCHEME = /^([a-z][a-z\d+.-]*):\/\//i;
/** A percent sign that begins no escape. */
const BARE_PERCENT = /%(?![\da-f]{2})/i;

/**
 * What is wrong with the address of a service, for people, without any of its text: it may hold a
 * password. A character of the password that means something in a URL makes another URL of it, with
 * another host, so everything that can only come from there is refused.
 * @returns null if nothing is
 */
export function urlProblem(text: unknown, schemes: readonly string[]): string | null {
  const kind = `must be a ${schemes.map((scheme) => `${scheme}://`).join(' or ')} URL`;
  if (typeof text !== 'string') return kind;
  if (QUOTES.test(text)) return `${kind}: it begins or ends with a quotation mark or a space`;
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return `${kind}: it has no scheme (${schemes[0]}://…)`;
  if (!schemes.includes(scheme)) return kind;
  const rest = text.slice(scheme.length + '://'.length);
  const authority = /^[^/?#]*/.exec(rest)![0];
  const after = rest.slice(authority.length);
  const isUnescaped =
    authority.split('@').length > 2 || /[@#]/.test(after) || BARE_PERCENT.test(text);
  if (isUnescaped) {
    return `${kind}: in user and password "@", "/", "?", "#" and "%" have to be written %40, %2F, %3F, %23 and %25`;
  }
  if (authority.replace(/^.*@/, '').startsWith(':') || authority.replace(/^.*@/, '') === '') {
    return `${kind}: it names no host`;
  }
  if (!URL.canParse(text)) return `${kind}: its host or port is none`;
  return null;
}

/** A variable that is the address of a service. */
export function IsServiceUrl(schemes: readonly string[], options?: ValidationOptions) {
  return ValidateBy(
    {
      name: 'isServiceUrl',
      validator: {
        validate: (value) => urlProblem(value, schemes) === null,
        defaultMessage: (validation) =>
          `${validation!.property} ${firstProblem(validation!.value, schemes)}`,
      },
    },
    options,
  );
}

export const IsDatabaseUrl = (options?: ValidationOptions) =>
  IsServiceUrl(['postgres', 'postgresql'], options);
export const IsHttpUrl = () => IsServiceUrl(['http', 'https']);

/** Of a list the first that has one. */
function firstProblem(value: unknown, schemes: readonly string[]): string | null {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map((each) => urlProblem(each, schemes)).find((each) => each !== null) ?? null;
}
