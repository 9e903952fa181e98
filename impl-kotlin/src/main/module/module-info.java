/** The event loop, tasks and primitives of asyncio4j, and its API for Kotlin. */
module io.github.asyncio4j.kotlin {
    requires transitive io.github.asyncio4j.api;
    requires transitive kotlin.stdlib;
    requires transitive kotlinx.coroutines.core;
    requires jdk.unsupported;
    requires static java.management;
    requires static jdk.management;
    requires static org.slf4j;

    exports asyncio.kotlin;
    exports asyncio.internal.debug to
            io.github.asyncio4j.http,
            io.github.asyncio4j.testing;
    exports asyncio.internal.fiber to
            io.github.asyncio4j.testing;
    exports asyncio.internal.loop to
            io.github.asyncio4j.vertx,
            io.github.asyncio4j.http,
            io.github.asyncio4j.testing;
    exports asyncio.internal.run to
            io.github.asyncio4j.vertx,
            io.github.asyncio4j.http,
            io.github.asyncio4j.testing;
    exports asyncio.internal.stream to
            io.github.asyncio4j.vertx,
            io.github.asyncio4j.http,
            io.github.asyncio4j.testing;
    exports asyncio.internal.task to
            io.github.asyncio4j.vertx,
            io.github.asyncio4j.http,
            io.github.asyncio4j.testing;
}
