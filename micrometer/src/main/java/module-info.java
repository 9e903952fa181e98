/** Timers of asyncio4j's HTTP client for Micrometer. */
module io.github.asyncio4j.micrometer {
    requires transitive io.github.asyncio4j.api;
    requires transitive micrometer.core;
    requires static transitive org.jspecify;

    exports asyncio.micrometer;
}
