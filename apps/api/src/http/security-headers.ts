/**
 * What pages of this origin may load: nothing from elsewhere. Inline styles are what the component
 * library and Swagger UI write; inline scripts are not allowed.
 */
export function contentSecurityPolicy(publicUrl: URL) {
  return {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'self'"],
      connectSrc: ["'self'", 'ws:', 'wss:'],
      fontSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      ...(publicUrl.protocol === 'https:' && { upgradeInsecureRequests: [] }),
    },
  };
}
