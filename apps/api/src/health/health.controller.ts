import { HealthChecks } from '@modex/platform';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { DomainError } from '@modex/domain';
import { Public } from '../http/access/public.decorator.js';
import { ApiProblem } from '../http/api-problem.decorator.js';

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

@ApiTags('health')
@Public()
@SkipThrottle()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthChecks) {}

  @Get('live')
  @ApiOperation({ summary: 'Is the process alive', operationId: 'live' })
  @ApiOkResponse({ type: Health })
  live(): Health {
    return { status: 'ok', checks: {} };
  }

  @Get('ready')
  @ApiOperation({ summary: 'May it get requests', operationId: 'ready' })
  @ApiOkResponse({ type: Health })
  @ApiProblem(503, 'UNAVAILABLE')
  async ready(): Promise<Health> {
    const report = await this.health.ready();
    if (report.status === 'ok') return report;
    throw new DomainError('unavailable', 'UNAVAILABLE', 'Not ready.', { checks: report.checks });
  }
}
