/**
 * asyncio in a program of Vert.x's: a loop on the context of a verticle, coroutines in handlers, futures of both sides.
 *
 * <p>Start at {@link asyncio.vertx.AsyncioVerticle}, or at {@link asyncio.vertx.AsyncioVertx} in verticles that extend
 * something else.
 */
@NullMarked
package asyncio.vertx;

import org.jspecify.annotations.NullMarked;
