import type { FastifyReply, FastifyRequest } from 'fastify';

const PATH_OF_AUTH = '/api/v1/auth';

/**
 * A cookie that scripts cannot read and other sites cannot send. Where the installation is reached by
 * https its name begins with `__Host-`: browsers take such a cookie from this very host only, so that
 * no neighbouring subdomain can set it.
 */
export class HostCookie {
  private readonly name: string;
  private readonly attributes;

  constructor(name: string, publicUrl: URL) {
    const secure = publicUrl.protocol === 'https:';
    this.name = secure ? `__Host-${name}` : name;
    // The prefix demands the root as the path.
    const path = secure ? '/' : PATH_OF_AUTH;
    this.attributes = { path, secure, httpOnly: true, sameSite: 'strict' } as const;
  }

  read(request: FastifyRequest): string | null {
    return request.cookies[this.name] ?? null;
  }

  write(reply: FastifyReply, value: string, expires: Date): void {
    void reply.setCookie(this.name, value, { ...this.attributes, expires });
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.name, this.attributes);
  }
}
