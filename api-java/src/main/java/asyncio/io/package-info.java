/**
 * Sockets, servers, datagrams, names and subprocesses. Python: what asyncio says under <em>Streams</em>, <em>Transports
 * and Protocols</em> and <em>Subprocesses</em>.
 *
 * <p>Start at {@link asyncio.io.Streams}.
 */
@NullMarked
package asyncio.io;

import org.jspecify.annotations.NullMarked;
