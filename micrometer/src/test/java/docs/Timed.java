package docs;

import asyncio.http.ClientSession;
import asyncio.micrometer.MicrometerMiddleware;
import io.micrometer.core.instrument.MeterRegistry;

/** What docs/http.md says about Micrometer. */
final class Timed {
    private Timed() {}

    static ClientSession timed(MeterRegistry registry) {
        return ClientSession.builder()
                .middlewares(MicrometerMiddleware.create(registry))
                .build();
    }
}
