import type { IssuedToken } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiConfig } from '../config/api-config.js';

const NAME = 'modex_refresh';
const PATH = '/api/v1/auth';

/** Where a browser keeps its refresh token: out of reach of scripts and of other sites. */
@Injectable()
export class RefreshCookie {
  private readonly secure: boolean;

  constructor(config: ApiConfig) {
    this.secure = config.publicUrl.protocol === 'https:';
  }

  read(request: FastifyRequest): string | null {
    return request.cookies[NAME] ?? null;
  }

  write(reply: FastifyReply, { token, expiresAt }: IssuedToken): void {
    void reply.setCookie(NAME, token, { ...this.attributes(), expires: expiresAt });
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(NAME, this.attributes());
  }

  private attributes() {
    return { path: PATH, httpOnly: true, sameSite: 'strict', secure: this.secure } as const;
  }
}
