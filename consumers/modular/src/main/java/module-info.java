/** A program on the module path: what a modular user of the library writes. */
module consumer {
    requires io.github.asyncio4j.api;
    requires io.github.asyncio4j.kotlin;
    requires io.github.asyncio4j.vertx;
}
