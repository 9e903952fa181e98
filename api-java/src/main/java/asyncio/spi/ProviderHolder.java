package asyncio.spi;

import java.util.ServiceLoader;

/** Finds the provider once, when it is first needed. */
final class ProviderHolder {
    static final AsyncioProvider PROVIDER = find();

    private ProviderHolder() {}

    private static AsyncioProvider find() {
        // The loader of the API first: a program's context class loader need not see the implementation.
        return ServiceLoader.load(AsyncioProvider.class, AsyncioProvider.class.getClassLoader())
                .findFirst()
                .or(() -> ServiceLoader.load(AsyncioProvider.class).findFirst())
                .orElseThrow(() -> new IllegalStateException("asyncio4j has no implementation on the class path:"
                        + " depend on io.github.asyncio4j:asyncio4j-vertx instead of asyncio4j-api alone"));
    }
}
