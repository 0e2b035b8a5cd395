import { HealthChecks } from '@modex/platform';
import { applyDecorators, Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@modex/domain';
import { Public } from '../http/access/public.decorator.js';
import { ApiProblem } from '../http/api-problem.decorator.js';
import { RateLimit } from '../http/rate-limits.js';
import { RouteSettings } from '../http/route-settings.decorator.js';

export class Health {
  @ApiProperty({ enum: ['ok'] })
  status: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { database: 'ok' },
  })
  checks: Record<string, string>;
}

/** For load balancers, which send no token and may ask at any rate. */
const Probe = (): MethodDecorator =>
  applyDecorators(Public(), RateLimit('none'), RouteSettings({ requestClass: 'probes' }));

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthChecks) {}

  @Get('live')
  @Probe()
  @ApiOperation({ summary: 'Is the process alive', operationId: 'live' })
  @ApiOkResponse({ type: Health })
  live(): Health {
    return { status: 'ok', checks: {} };
  }

  @Get('ready')
  @Probe()
  @ApiOperation({ summary: 'May it get requests', operationId: 'ready' })
  @ApiOkResponse({ type: Health })
  @ApiProblem(503, 'UNAVAILABLE')
  async ready(): Promise<Health> {
    const report = await this.health.ready();
    if (report.status === 'ok') return report;
    throw new DomainError('unavailable', 'UNAVAILABLE', 'Not ready.', { checks: report.checks });
  }
}
