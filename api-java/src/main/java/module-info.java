/** The API of asyncio4j: asyncio's vocabulary for Java, without an implementation of its own. */
module io.github.asyncio4j.api {
    requires static transitive org.jspecify;

    exports asyncio;
    exports asyncio.file;
    exports asyncio.http;
    exports asyncio.io;
    exports asyncio.spi;

    uses asyncio.spi.AsyncioProvider;
    uses asyncio.spi.HttpProvider;
    uses asyncio.spi.IoProvider;
}
