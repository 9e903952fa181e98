package asyncio.spi;

import java.util.ServiceLoader;

/** Finds each provider once, when it is first needed. */
final class Providers {
    private Providers() {}

    private static <P> P find(Class<P> type, String missing) {
        // The loader of the API first: a program's context class loader need not see the implementation.
        return ServiceLoader.load(type, type.getClassLoader())
                .findFirst()
                .or(() -> ServiceLoader.load(type).findFirst())
                .orElseThrow(() -> new IllegalStateException(missing));
    }

    static final class Core {
        static final AsyncioProvider PROVIDER = find(
                AsyncioProvider.class,
                "asyncio4j has no implementation on the class path:"
                        + " depend on io.github.asyncio4j:asyncio4j instead of asyncio4j-api alone");

        private Core() {}
    }

    static final class Io {
        static final IoProvider PROVIDER = find(
                IoProvider.class,
                "asyncio4j has no streams, subprocesses and files on the class path:"
                        + " depend on io.github.asyncio4j:asyncio4j, or on io.github.asyncio4j:asyncio4j-vertx");

        private Io() {}
    }

    static final class Http {
        static final HttpProvider PROVIDER = find(
                HttpProvider.class,
                "asyncio4j has no HTTP client on the class path:"
                        + " depend on io.github.asyncio4j:asyncio4j, or on io.github.asyncio4j:asyncio4j-http");

        private Http() {}
    }
}
