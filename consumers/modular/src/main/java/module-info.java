/** A program on the module path: what a modular user of the library writes. */
module consumer {
    requires io.github.asyncio4j;
    requires io.github.asyncio4j.testing;
    requires io.vertx.core;
}
