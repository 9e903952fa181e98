package docs;

import asyncio.http.ClientSession;
import asyncio.http.RetryMiddleware;
import asyncio.opentelemetry.AsyncioContextStorage;
import asyncio.opentelemetry.OpenTelemetryMiddleware;
import io.opentelemetry.api.OpenTelemetry;

/** What docs/http.md says about OpenTelemetry. */
final class Traced {
    private Traced() {}

    static ClientSession traced(OpenTelemetry openTelemetry) {
        AsyncioContextStorage.install(); // Once, at the begin of the program.
        return ClientSession.builder()
                .middlewares(RetryMiddleware.create(), OpenTelemetryMiddleware.create(openTelemetry))
                .build();
    }
}
