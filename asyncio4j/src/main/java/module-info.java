/** All of asyncio4j: a program that requires this module needs no other one of it. */
module io.github.asyncio4j {
    requires transitive io.github.asyncio4j.http;
}
