/** Spans of asyncio4j's HTTP client for OpenTelemetry. */
module io.github.asyncio4j.opentelemetry {
    requires transitive io.github.asyncio4j.api;
    requires transitive io.opentelemetry.api;
    requires transitive io.opentelemetry.context;
    requires static transitive org.jspecify;

    exports asyncio.opentelemetry;
}
