/** The loop of asyncio4j on a Vert.x context. */
module io.github.asyncio4j.vertx {
    requires transitive io.github.asyncio4j.kotlin;
    requires transitive io.vertx.core;
    requires static transitive org.jspecify;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires static io.vertx.web;

    exports asyncio.kotlin.io;
    exports asyncio.kotlin.file;
    exports asyncio.kotlin.vertx;
    exports asyncio.kotlin.vertx.web;
    exports asyncio.vertx;
    exports asyncio.vertx.web;
    exports asyncio.internal.net to
            io.github.asyncio4j.http;
    exports asyncio.internal.vertx to
            io.github.asyncio4j.http;

    provides asyncio.spi.AsyncioProvider with
            asyncio.internal.vertx.VertxProvider;
    provides asyncio.spi.IoProvider with
            asyncio.internal.io.VertxIoProvider;
}
