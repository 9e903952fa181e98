/** The HTTP client under OpenTelemetry. Python: {@code opentelemetry-instrumentation-aiohttp-client}. */
@NullMarked
package asyncio.opentelemetry;

import org.jspecify.annotations.NullMarked;
