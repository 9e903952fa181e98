/** The HTTP client of asyncio4j. */
module io.github.asyncio4j.http {
    requires transitive io.github.asyncio4j.vertx;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.compression;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.transport;
    requires static com.aayushatharva.brotli4j;
    requires static com.github.luben.zstd_jni;

    exports asyncio.kotlin.http;

    provides asyncio.spi.HttpProvider with
            asyncio.internal.http.provider.HttpClientProvider;
}
