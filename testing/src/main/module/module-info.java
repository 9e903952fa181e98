/** Virtual time, and what JUnit and Kotest need to run tests as coroutines. */
module io.github.asyncio4j.testing {
    requires transitive io.github.asyncio4j.kotlin;
    requires java.management;
    requires static org.junit.jupiter.api;
    // Kotest has no module descriptors: the names of its jars are the names of its modules.
    requires static kotest.framework.engine.jvm;

    exports asyncio.testing;
    exports asyncio.testing.kotlin;
}
