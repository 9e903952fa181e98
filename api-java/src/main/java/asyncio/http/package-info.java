/**
 * An HTTP client in the manner of aiohttp: {@link asyncio.http.ClientSession} sends requests, a request is awaited, and
 * the response's body is awaited in turn.
 */
@NullMarked
package asyncio.http;

import org.jspecify.annotations.NullMarked;
