/**
 * Tests of code that awaits: a loop in virtual time, and JUnit's test methods as coroutines.
 *
 * <p>{@link asyncio.testing.AsyncioTest} is where to begin; {@link asyncio.testing.TestLoop} is what it uses.
 */
@NullMarked
package asyncio.testing;

import org.jspecify.annotations.NullMarked;
