/**
 * Coroutines as route handlers of vertx-web, which is an optional dependency.
 *
 * <p>Start at {@link asyncio.vertx.web.CoroutineRoutes}.
 */
@NullMarked
package asyncio.vertx.web;

import org.jspecify.annotations.NullMarked;
