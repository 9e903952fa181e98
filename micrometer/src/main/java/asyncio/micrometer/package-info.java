/** The HTTP client under Micrometer. */
@NullMarked
package asyncio.micrometer;

import org.jspecify.annotations.NullMarked;
