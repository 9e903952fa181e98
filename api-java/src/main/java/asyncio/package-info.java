/**
 * Python's asyncio for Java: an event loop, coroutines that read from top to bottom, tasks that can be cancelled.
 *
 * <p>Start at {@link asyncio.Asyncio}. The bargain is asyncio's: code of one loop runs one piece at a time, and
 * <em>only an await lets others run</em>.
 */
@NullMarked
package asyncio;

import org.jspecify.annotations.NullMarked;
